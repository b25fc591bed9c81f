package network.lilypad.chain.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Panel;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// The rules of money, pure: what an intent does to a slot and to the accounts at a ledger time. That each signature
/// is its signer's has been checked before (see [Evidence]); that the signer is the *right* party is a rule.
///
/// Divisions: what a provider earns is rounded up, the creator gets the rest of the price; of a slash the victim's
/// half is rounded down, the verification pool gets the rest. So nothing is created or lost ([Split]).
final class LedgerRules {
  /// The most one faucet call gives: enough to try everything, too little to matter by mistake.
  static final Lp FAUCET_LIMIT = Lp.of(10_000);
  /// A creator who cancels pays at least this part of the price: 1/10.
  private static final int CANCEL_DIVISOR = 10;
  /// A provider who stays silent loses at most this part of the price: 1/5.
  private static final int SLASH_DIVISOR = 5;
  /// Who ends somebody's overdue deal gets this part of the price of the slash: 1/100.
  private static final int TIP_DIVISOR = 100;

  private final long now;
  private final Agents agents;
  private final MediationRules mediation;

  /// @param now ledger time of what is asked
  /// @param agents who signs for whom
  LedgerRules(long now, Agents agents) {
    this.now = now;
    this.agents = agents;
    this.mediation = new MediationRules(now);
  }

  /// An account's free money and what of it is kept for jobs other than the one in question, in gwei of LP.
  record Funds(Address account, long free, long reservedElsewhere) {
    long spendable() {
      return Math.max(0, free - reservedElsewhere);
    }

    Check cover(long needed) {
      return Check.that(spendable() >= needed,
          () -> new Rejection.InsufficientFunds(account.toString(), needed, spendable()));
    }
  }

  /// The most that one deal of the job can cost, in gwei of LP.
  static long budget(JobOffer offer) {
    return Math.addExact(offer.maxPrice().gwei(), offer.maxFee().gwei());
  }

  Check reserve(Signed<JobOffer> offer, Optional<Slot> last, Funds creator) {
    return Check.all(Check.signedBy(offer, offer.word().creator()), jobGoesOn(last),
        Check.notAfter("job offer", offer.word().validUntil(), now), creator.cover(budget(offer.word())));
  }

  static Check requestWithdrawal(Lp amount, Funds account) {
    return Check.all(positive(amount), account.cover(amount.gwei()));
  }

  /// That something is leaving.
  static Check leaving(Address account, Books.Account held) {
    return Check.that(held.leaving() > 0, () -> new Rejection.InsufficientFunds(account.toString(), 1, 0));
  }

  private static Check positive(Lp amount) {
    return Check.that(amount.gwei() > 0, () -> new Rejection.Malformed("amount", "0 LP", "more than nothing"));
  }

  /// @param issued all the money there is, in gwei of LP
  static Check faucet(Lp amount, long issued) {
    return Check.all(
        positive(amount), Check.atMost("faucet amount in gwei of LP", amount.gwei(), FAUCET_LIMIT.gwei()),
        Check.atMost("LP in existence in gwei", Math.addExact(issued, amount.gwei()), Lp.MAX_GWEI));
  }

  Ruling open(Intent.Open open, Optional<Slot> last, Funds creator, Funds provider) {
    JobOffer offer = open.offer().word();
    Lease lease = open.lease().word();
    return Check.all(agreed(open), inTime(open), slotFree(last, lease), covered(open, creator, provider))
        .orReject(() -> lock(terms(offer, lease), open.fee()));
  }

  /// Pays without having locked; only what both sides signed counts, not how late it is.
  Ruling openAndSettle(Intent.OpenAndSettle intent, Optional<Slot> last, Funds creator) {
    var open = intent.open();
    Slot.Terms terms = terms(open.offer().word(), open.lease().word());
    Lp cost = intent.proof().result().word().cost();
    return Check.all(agreed(open), slotFree(last, open.lease().word()),
        finished(new Slot.Agreed(terms, now), intent.proof()), creator.cover(sum(cost, open.fee())))
        .orReject(() -> new Ruling.Move(
            new Slot.Ended(terms, DealPhase.RESULTS_ACCEPTED, now, cost, Lp.ZERO),
            List.of(Posting.free(terms.creator(), -sum(cost, open.fee())), Posting.free(terms.provider(), cost.gwei()),
                Posting.free(terms.solver(), open.fee().gwei()))));
  }

  /// That a job can be ended before a deal of it opens.
  static Check revoke(Intent.Revoke intent, JobId job, Optional<Slot> last) {
    return Check.all(Check.signedBy(intent.offer(), intent.offer().word().creator()),
        Check.signedBy(intent.cancel(), intent.offer().word().creator()),
        Check.equal("job of the cancel", intent.cancel().word().job().digest(), job.digest()), jobGoesOn(last),
        last.map(slot -> Check.that(!(slot instanceof Slot.Live), () -> new Rejection.WrongState("job " + job,
            slot.phase().name(), "Revoke"))).orElse(Check.PASSED));
  }

  /// Both sides signed, for each other, within the offer's limits.
  private Check agreed(Intent.Open open) {
    JobOffer offer = open.offer().word();
    Lease lease = open.lease().word();
    return Check.all(Check.signedBy(open.offer(), offer.creator()),
        Check.signedFor(open.lease(), lease.provider(), agents),
        Check.that(lease.price().compareTo(offer.maxPrice()) <= 0,
            () -> new Rejection.TooExpensive(lease.price().gwei(), offer.maxPrice().gwei())),
        Check.that(open.fee().compareTo(offer.maxFee()) <= 0,
            () -> new Rejection.TooExpensive(open.fee().gwei(), offer.maxFee().gwei())),
        Check.that(offer.target().isZero() || offer.target().equals(lease.provider()),
            () -> new Rejection.Mismatch("target", lease.provider() + " is not " + offer.target())));
  }

  private Check inTime(Intent.Open open) {
    JobOffer offer = open.offer().word();
    Lease lease = open.lease().word();
    return Check.all(
        Check.that(lease.collateral().covers(offer.minCollateral()),
            () -> new Rejection.Mismatch("collateral", lease.collateral() + " < " + offer.minCollateral())),
        Check.that(lease.submitBy() <= offer.deliverBy(),
            () -> new Rejection.Mismatch("submitBy", lease.submitBy() + " > " + offer.deliverBy())),
        Check.notAfter("job offer", offer.validUntil(), now), Check.notAfter("opening", lease.openBy(), now));
  }

  private static Check slotFree(Optional<Slot> last, Lease lease) {
    return Check.all(jobGoesOn(last), last.map(slot -> switch (slot) {
      case Slot.Live live -> Check.failed(conflict("deal of the same job", live));
      case Slot.Ended ended -> Check.that(lease.attempt() > ended.terms().attempt(),
          () -> conflict("the same or a later attempt", ended));
    }).orElse(Check.PASSED));
  }

  private static Check covered(Intent.Open open, Funds creator, Funds provider) {
    long ofCreator = sum(open.lease().word().price(), open.fee());
    long ofProvider = open.lease().word().collateral().gwei();
    return creator.account().equals(provider.account())
        ? creator.cover(Math.addExact(ofCreator, ofProvider))
        : Check.all(creator.cover(ofCreator), provider.cover(ofProvider));
  }

  static long sum(Lp one, Lp other) {
    return Math.addExact(one.gwei(), other.gwei());
  }

  private static Slot.Terms terms(JobOffer offer, Lease lease) {
    return new Slot.Terms(lease.job(), lease.attempt(), offer.creator(), offer.acceptor(), offer.solver(),
        lease.provider(), offer.panel(), lease.price(), lease.collateral(), offer.work().runSeconds(),
        offer.reviewSeconds(), lease.submitBy());
  }

  private Ruling lock(Slot.Terms terms, Lp fee) {
    long price = terms.price().gwei();
    long collateral = terms.collateral().gwei();
    return new Ruling.Move(new Slot.Agreed(terms, now),
        List.of(Posting.free(terms.creator(), -sum(terms.price(), fee)), Posting.free(terms.solver(), fee.gwei()),
            Posting.locked(terms.creator(), price),
            Posting.free(terms.provider(), -collateral), Posting.locked(terms.provider(), collateral)));
  }

  Ruling submit(Slot.Live slot, Signed<Result> result) {
    return switch (slot) {
      case Slot.Agreed agreed -> Check.all(inBounds(agreed.terms(), result),
          Check.notAfter("submission", agreed.terms().submitBy(), now))
          .orReject(() -> new Ruling.Move(agreed.submit(result.word(), now), List.of()));
      case Slot.Submitted submitted -> reject(resultConflict(submitted.terms(), submitted.commitment()));
      case Slot.Checked checked -> reject(resultConflict(checked.terms(), checked.commitment()));
    };
  }

  private static Rejection resultConflict(Slot.Terms terms, Bytes32 commitment) {
    return new Rejection.LedgerConflict("the result of deal " + terms.deal(), commitment.toString());
  }

  /// @param creator what the creator can spend
  Ruling check(Slot.Live slot, Intent.Check check, Funds creator) {
    return slot instanceof Slot.Submitted submitted
        ? mediation.begin(submitted, check, creator)
        : reject(wrongState(slot, "Check"));
  }

  /// Decides an ending. One that needs a deal without a result meets a submitted result: the result stands.
  Ruling end(Slot.Live slot, Intent.Proof proof) {
    return switch (new Given(slot, proof)) {
      case Given(Slot.Checked checked, Intent.Decided decided) -> mediation.decided(checked, decided);
      case Given(Slot.Checked checked, Intent.PanelSilent _) -> mediation.silent(checked);
      case Given(Slot.Checked checked, Intent.Accepted _) -> reject(wrongState(checked, "Accepted"));
      case Given(Slot.Checked checked, Intent.Silence _) -> reject(wrongState(checked, "Silence"));
      case Given(Slot.Live live, Intent.Accepted accepted) -> accepted(live, accepted);
      case Given(Slot.Submitted submitted, Intent.Silence(var result)) -> silence(submitted, result);
      case Given(Slot.Agreed agreed, Intent.NoResult(var keeper)) -> noResult(agreed, keeper);
      case Given(Slot.Agreed agreed, Intent.Cancelled(var cancel)) -> Check.all(
          Check.signedBy(cancel, agreed.terms().creator()),
          Check.equal("job of the cancel", cancel.word().job().digest(), agreed.terms().job().digest()))
          .orReject(() -> cancelled(agreed));
      case Given(Slot.Agreed agreed, Intent.Released(var release)) -> Check.all(
          Check.signedFor(release, agreed.terms().provider(), agents), aboutDeal(agreed, release.word().deal()),
          Check.notAfter("release", agreed.terms().submitBy(), now))
          .orReject(() -> Split.refund(agreed).close(agreed, DealPhase.RELEASED, now));
      case Given(Slot.Agreed agreed, Intent.Lapsed(var lapse)) -> Check.all(
          Check.signedBy(lapse, agreed.terms().solver()), aboutDeal(agreed, lapse.word().deal()))
          .orReject(() -> Split.refund(agreed).close(agreed, DealPhase.LAPSED, now));
      case Given(Slot.Agreed agreed, Intent.Silence _) -> reject(wrongState(agreed, "Silence"));
      case Given(Slot.Live live, Intent.Decided _) -> reject(wrongState(live, "Decided"));
      case Given(Slot.Live live, Intent.PanelSilent _) -> reject(wrongState(live, "PanelSilent"));
      case Given(Slot.Live _, Intent.NoResult _) -> new Ruling.Stands();
      case Given(Slot.Live _, Intent.Cancelled _) -> new Ruling.Stands();
      case Given(Slot.Live _, Intent.Released _) -> new Ruling.Stands();
      case Given(Slot.Live _, Intent.Lapsed _) -> new Ruling.Stands();
    };
  }

  private Ruling accepted(Slot.Live slot, Intent.Accepted proof) {
    return finished(slot, proof)
        .orReject(() -> Split.pay(slot, proof.result().word().cost()).close(slot, DealPhase.RESULTS_ACCEPTED, now));
  }

  /// The provider signed this result and the creator's side accepted it.
  private Check finished(Slot.Live slot, Intent.Accepted proof) {
    Slot.Terms terms = slot.terms();
    var acceptance = proof.acceptance();
    var result = proof.result().word();
    return Check.all(inBounds(terms, proof.result()), sameAsSubmitted(slot, result),
        Check.signedByEither(acceptance, terms.creator(), terms.acceptor()),
        aboutDeal(slot, acceptance.word().deal()),
        Check.equal("accepted commitment", acceptance.word().commitment(), result.commitment()),
        Check.that(acceptance.word().cost().equals(result.cost()), () -> new Rejection.Malformed("accepted cost",
            acceptance.word().cost().toString(), result.cost().toString())));
  }

  private Ruling silence(Slot.Submitted slot, Signed<Result> result) {
    return Check.all(aboutDeal(slot, result.word().deal()), sameAsSubmitted(slot, result.word()),
        Check.notBefore("end of review", slot.reviewEnds(), now))
        .orReject(() -> Split.pay(slot, slot.cost()).close(slot, DealPhase.TIMEOUT_JUDGE_RESULTS, now));
  }

  /// The victim gets half of the slash, at most a tenth of the price; never more than the provider has at stake.
  private Ruling noResult(Slot.Agreed slot, Address keeper) {
    Slot.Terms terms = slot.terms();
    if (now <= terms.submitBy()) {
      return reject(new Rejection.TooEarly("end for want of a result", terms.submitBy() + 1, now));
    }
    boolean party = keeper.isZero() || keeper.equals(terms.creator()) || keeper.equals(terms.provider());
    Lp slash = terms.collateral().min(terms.price().times(1, SLASH_DIVISOR));
    Lp compensation = slash.times(1, 2);
    Lp tip = party ? Lp.ZERO : terms.price().times(1, TIP_DIVISOR).min(slash.minus(compensation));
    return new Split(Lp.ZERO, terms.price().plus(compensation), slash, tip, List.of(keeper))
        .close(slot, DealPhase.TIMEOUT_SUBMIT_RESULTS, now);
  }

  private Ruling cancelled(Slot.Agreed slot) {
    Slot.Terms terms = slot.terms();
    Lp elapsed = part(terms.price(), now - slot.openedAt(), terms.runSeconds());
    Lp earned = elapsed.max(part(terms.price(), 1, CANCEL_DIVISOR));
    return Split.pay(slot, earned).close(slot, DealPhase.CANCELLED, now);
  }

  private Check inBounds(Slot.Terms terms, Signed<Result> result) {
    Lp limit = metered(terms, result.word());
    return Check.all(Check.signedFor(result, terms.provider(), agents),
        Check.equal("deal of the result", result.word().deal().digest(), terms.deal().digest()),
        Check.atMost("cost in gwei of LP", result.word().cost().gwei(), limit.gwei()));
  }

  /// The most that a run may cost: the price for the part of runSeconds it took, rounded up. A second is added, for
  /// times are cut to whole seconds and a run may have taken up to one more than their difference.
  private static Lp metered(Slot.Terms terms, Result result) {
    return part(terms.price(), result.runSeconds() + 1, terms.runSeconds());
  }

  /// A part of an amount, rounded up; all of it at most.
  private static Lp part(Lp whole, long numerator, long denominator) {
    long rest = denominator - Math.min(numerator, denominator);
    return whole.minus(whole.times(rest, denominator));
  }

  private static Check sameAsSubmitted(Slot.Live slot, Result result) {
    return switch (slot) {
      case Slot.Agreed _ -> Check.PASSED;
      case Slot.Submitted submitted -> same(result, submitted.commitment(), submitted.cost());
      case Slot.Checked checked -> same(result, checked.commitment(), checked.cost());
    };
  }

  private static Check same(Result result, Bytes32 commitment, Lp cost) {
    return Check.that(commitment.equals(result.commitment()) && cost.equals(result.cost()),
        () -> new Rejection.LedgerConflict("the result of deal " + result.deal(), commitment + " for " + cost));
  }

  private static Rejection wrongState(Slot.Live slot, String command) {
    return new Rejection.WrongState("deal " + slot.terms().deal(), slot.phase().name(), command);
  }

  private static Check jobGoesOn(Optional<Slot> last) {
    return last.map(slot -> Check.that(!(slot instanceof Slot.Ended ended && ended.endsJob()),
        () -> new Rejection.JobEnded(slot.terms().job().toString(), slot.phase().name()))).orElse(Check.PASSED);
  }

  static Check aboutDeal(Slot slot, DealId deal) {
    return Check.equal("deal", deal.digest(), slot.terms().deal().digest());
  }

  private static Rejection conflict(String what, Slot slot) {
    return new Rejection.LedgerConflict(what + ", " + slot.terms().deal(), slot.phase().name());
  }

  private static Ruling reject(Rejection why) {
    return new Ruling.Reject(why);
  }

  private record Given(Slot.Live slot, Intent.Proof proof) {}
}
