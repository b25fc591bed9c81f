package network.lilypad.chain.local;

import java.util.List;
import java.util.Optional;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// The rules of money, pure: what an intent does to a slot and to the accounts at a ledger time. That each signature
/// is its signer's has been checked before (see [Evidence]); that the signer is the *right* party is a rule.
///
/// Divisions: what a provider earns is rounded up, the creator gets the rest of the price; of a slash the victim's
/// half is rounded down, the verification pool gets the rest. So nothing is created or lost.
final class LedgerRules {
  /// The most one faucet call gives: enough to try everything, too little to matter by mistake.
  static final Lp FAUCET_LIMIT = Lp.of(10_000);
  /// A creator who cancels pays at least this part of the price: 1/10.
  private static final int CANCEL_DIVISOR = 10;
  /// A provider who stays silent loses at most this part of the price: 1/5.
  private static final int SLASH_DIVISOR = 5;

  private LedgerRules() {}

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

  static Check reserve(Signed<JobOffer> offer, Optional<Slot> last, Funds creator, long now) {
    return Check.all(Check.signedBy(offer, offer.word().creator()), jobGoesOn(last),
        Check.notAfter("job offer", offer.word().validUntil(), now), creator.cover(budget(offer.word())));
  }

  /// @param issued all the money there is, in gwei of LP
  static Check faucet(Lp amount, long issued) {
    return Check.all(
        Check.that(amount.gwei() > 0, () -> new Rejection.Malformed("amount", "0 LP", "more than nothing")),
        Check.atMost("faucet amount in gwei of LP", amount.gwei(), FAUCET_LIMIT.gwei()),
        Check.atMost("LP in existence in gwei", Math.addExact(issued, amount.gwei()), Lp.MAX_GWEI));
  }

  static Ruling open(Intent.Open open, Optional<Slot> last, Funds creator, Funds provider, long now) {
    JobOffer offer = open.offer().word();
    Lease lease = open.lease().word();
    return Check.all(fits(open, now), slotFree(last, lease), covered(lease, creator, provider))
        .orReject(() -> lock(terms(offer, lease), now));
  }

  private static Check fits(Intent.Open open, long now) {
    JobOffer offer = open.offer().word();
    Lease lease = open.lease().word();
    return Check.all(Check.signedBy(open.offer(), offer.creator()), Check.signedBy(open.lease(), lease.provider()),
        Check.that(lease.price().compareTo(offer.maxPrice()) <= 0,
            () -> new Rejection.TooExpensive(lease.price().gwei(), offer.maxPrice().gwei())),
        Check.that(lease.collateral().covers(offer.minCollateral()),
            () -> new Rejection.Mismatch("collateral", lease.collateral() + " < " + offer.minCollateral())),
        Check.that(offer.target().isZero() || offer.target().equals(lease.provider()),
            () -> new Rejection.Mismatch("target", lease.provider() + " is not " + offer.target())),
        Check.notAfter("job offer", offer.validUntil(), now), Check.notAfter("opening", lease.openBy(), now));
  }

  private static Check slotFree(Optional<Slot> last, Lease lease) {
    return Check.all(jobGoesOn(last), last.map(slot -> switch (slot) {
      case Slot.Live live -> Check.failed(conflict("deal of the same job", live));
      case Slot.Ended ended -> Check.that(lease.attempt() > ended.terms().attempt(),
          () -> conflict("the same or a later attempt", ended));
    }).orElse(Check.PASSED));
  }

  private static Check covered(Lease lease, Funds creator, Funds provider) {
    long both = Math.addExact(lease.price().gwei(), lease.collateral().gwei());
    return creator.account().equals(provider.account())
        ? creator.cover(both)
        : Check.all(creator.cover(lease.price().gwei()), provider.cover(lease.collateral().gwei()));
  }

  private static Slot.Terms terms(JobOffer offer, Lease lease) {
    return new Slot.Terms(lease.job(), lease.attempt(), offer.creator(), offer.acceptor(), offer.solver(),
        lease.provider(), lease.price(), lease.collateral(), offer.work().runSeconds(), offer.reviewSeconds(),
        lease.submitBy());
  }

  private static Ruling lock(Slot.Terms terms, long now) {
    long price = terms.price().gwei();
    long collateral = terms.collateral().gwei();
    return new Ruling.Move(new Slot.Agreed(terms, now),
        List.of(Posting.free(terms.creator(), -price), Posting.locked(terms.creator(), price),
            Posting.free(terms.provider(), -collateral), Posting.locked(terms.provider(), collateral)));
  }

  static Ruling submit(Slot.Live slot, Signed<Result> result, long now) {
    return switch (slot) {
      case Slot.Agreed agreed -> Check.all(inBounds(agreed.terms(), result),
          Check.notAfter("submission", agreed.terms().submitBy(), now))
          .orReject(() -> new Ruling.Move(agreed.submit(result.word(), now), List.of()));
      case Slot.Submitted submitted -> reject(new Rejection.LedgerConflict(
          "the result of deal " + submitted.terms().deal(), submitted.commitment().toString()));
    };
  }

  /// Decides an ending. One that needs a deal without a result meets a submitted result: the result stands.
  static Ruling end(Slot.Live slot, Intent.Proof proof, long now) {
    return switch (new Given(slot, proof)) {
      case Given(Slot.Live live, Intent.Accepted accepted) -> accepted(live, accepted, now);
      case Given(Slot.Submitted submitted, Intent.Silence(var result)) -> silence(submitted, result, now);
      case Given(Slot.Agreed agreed, Intent.NoResult _) -> noResult(agreed, now);
      case Given(Slot.Agreed agreed, Intent.Cancelled(var cancel)) -> Check.all(
          Check.signedBy(cancel, agreed.terms().creator()),
          Check.equal("job of the cancel", cancel.word().job().digest(), agreed.terms().job().digest()))
          .orReject(() -> cancelled(agreed, now));
      case Given(Slot.Agreed agreed, Intent.Released(var release)) -> Check.all(
          Check.signedBy(release, agreed.terms().provider()), aboutDeal(agreed, release.word().deal()))
          .orReject(() -> refund(agreed, DealPhase.RELEASED, now));
      case Given(Slot.Agreed agreed, Intent.Lapsed(var lapse)) -> Check.all(
          Check.signedBy(lapse, agreed.terms().solver()), aboutDeal(agreed, lapse.word().deal()))
          .orReject(() -> refund(agreed, DealPhase.LAPSED, now));
      case Given(Slot.Agreed agreed, Intent.Silence _) -> reject(
          new Rejection.WrongState("deal " + agreed.terms().deal(), agreed.phase().name(), "Silence"));
      case Given(Slot.Submitted _, Intent.NoResult _) -> new Ruling.Stands();
      case Given(Slot.Submitted _, Intent.Cancelled _) -> new Ruling.Stands();
      case Given(Slot.Submitted _, Intent.Released _) -> new Ruling.Stands();
      case Given(Slot.Submitted _, Intent.Lapsed _) -> new Ruling.Stands();
    };
  }

  private static Ruling accepted(Slot.Live slot, Intent.Accepted proof, long now) {
    Slot.Terms terms = slot.terms();
    var acceptance = proof.acceptance();
    var result = proof.result().word();
    return Check.all(inBounds(terms, proof.result()), sameAsSubmitted(slot, result),
        Check.that(acceptance.signer().equals(terms.creator()) || acceptance.signer().equals(terms.acceptor()),
            () -> new Rejection.NotAParty(acceptance.signer().toString(), terms.creator().toString())),
        aboutDeal(slot, acceptance.word().deal()),
        Check.equal("accepted commitment", acceptance.word().commitment(), result.commitment()),
        Check.that(acceptance.word().cost().equals(result.cost()), () -> new Rejection.Malformed("accepted cost",
            acceptance.word().cost().toString(), result.cost().toString())))
        .orReject(() -> pay(slot, DealPhase.RESULTS_ACCEPTED, result.cost(), now));
  }

  private static Ruling silence(Slot.Submitted slot, Signed<Result> result, long now) {
    return Check.all(aboutDeal(slot, result.word().deal()), sameAsSubmitted(slot, result.word()),
        Check.notBefore("end of review", slot.reviewEnds(), now))
        .orReject(() -> pay(slot, DealPhase.TIMEOUT_JUDGE_RESULTS, slot.cost(), now));
  }

  /// The victim gets half of the slash, at most a tenth of the price; never more than the provider has at stake.
  private static Ruling noResult(Slot.Agreed slot, long now) {
    Slot.Terms terms = slot.terms();
    if (now <= terms.submitBy()) {
      return reject(new Rejection.TooEarly("end for want of a result", terms.submitBy() + 1, now));
    }
    Lp slash = terms.collateral().min(terms.price().times(1, SLASH_DIVISOR));
    return close(slot, DealPhase.TIMEOUT_SUBMIT_RESULTS, now, new Split(Lp.ZERO, slash, slash.times(1, 2)));
  }

  private static Ruling cancelled(Slot.Agreed slot, long now) {
    Slot.Terms terms = slot.terms();
    Lp elapsed = part(terms.price(), now - slot.openedAt(), terms.runSeconds());
    Lp earned = elapsed.max(part(terms.price(), 1, CANCEL_DIVISOR));
    return pay(slot, DealPhase.CANCELLED, earned, now);
  }

  private static Ruling pay(Slot.Live slot, DealPhase phase, Lp paid, long now) {
    return close(slot, phase, now, new Split(paid, Lp.ZERO, Lp.ZERO));
  }

  private static Ruling refund(Slot.Live slot, DealPhase phase, long now) {
    return close(slot, phase, now, new Split(Lp.ZERO, Lp.ZERO, Lp.ZERO));
  }

  /// Who gets what of the locked money.
  ///
  /// @param paid of the price, to the provider
  /// @param slash of the collateral, from the provider
  /// @param compensation of the slash, to the creator; the pool gets the rest
  private record Split(Lp paid, Lp slash, Lp compensation) {}

  private static Ruling close(Slot.Live slot, DealPhase phase, long now, Split split) {
    Slot.Terms terms = slot.terms();
    Lp toCreator = terms.price().minus(split.paid()).plus(split.compensation());
    Lp toProvider = terms.collateral().minus(split.slash()).plus(split.paid());
    Lp toPool = split.slash().minus(split.compensation());
    return new Ruling.Move(slot.end(phase, now, split.paid(), toCreator),
        List.of(Posting.locked(terms.creator(), -terms.price().gwei()),
            Posting.locked(terms.provider(), -terms.collateral().gwei()),
            Posting.free(terms.creator(), toCreator.gwei()), Posting.free(terms.provider(), toProvider.gwei()),
            Posting.pool(toPool.gwei())));
  }

  private static Check inBounds(Slot.Terms terms, Signed<Result> result) {
    Lp limit = metered(terms, result.word());
    return Check.all(Check.signedBy(result, terms.provider()),
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
      case Slot.Submitted submitted -> Check.that(
          submitted.commitment().equals(result.commitment()) && submitted.cost().equals(result.cost()),
          () -> new Rejection.LedgerConflict("the result of deal " + result.deal(),
              submitted.commitment() + " for " + submitted.cost()));
    };
  }

  private static Check jobGoesOn(Optional<Slot> last) {
    return last.map(slot -> Check.that(!(slot instanceof Slot.Ended ended && ended.endsJob()),
        () -> new Rejection.JobEnded(slot.terms().job().toString(), slot.phase().name()))).orElse(Check.PASSED);
  }

  private static Check aboutDeal(Slot slot, DealId deal) {
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
