package network.lilypad.chain.local;

import java.util.List;
import network.lilypad.chain.Intent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Panel;
import network.lilypad.protocol.value.Signed;

/// The rules of a dispute's money, pure: what the creator puts down, and what a panel's word or silence does to it.
///
/// @param now ledger time of what is asked
record MediationRules(long now) {
  /// Who is in the right after a dispute gets at most this part of the price on top: 1/10.
  private static final int COMPENSATION_DIVISOR = 10;
  /// A verdict, by its number.
  private static final int OK = 1;
  private static final int BAD = 2;
  private static final int NONDET = 3;

  /// Locks the bond: what the panel may cost, and what the provider gets if it was in the right.
  ///
  /// @param creator what the creator can spend
  Ruling begin(Slot.Submitted submitted, Intent.Check check, LedgerRules.Funds creator) {
    Slot.Terms terms = submitted.terms();
    return Check.all(LedgerRules.aboutDeal(submitted, check.dispute().word().deal()),
        Check.that(now < submitted.reviewEnds(), () -> new Rejection.TooLate("dispute", submitted.reviewEnds(), now)),
        Check.signedByEither(check.dispute(), terms.creator(), terms.acceptor()),
        Check.equal("disputed commitment", check.dispute().word().commitment(), submitted.commitment()),
        Check.equal("panel", check.panel().id(), terms.panel()), creator.cover(bond(terms, check.panel())))
        .orReject(() -> lockBond(submitted, Lp.gwei(bond(terms, check.panel()))));
  }

  private Ruling lockBond(Slot.Submitted slot, Lp bond) {
    var creator = slot.terms().creator();
    return new Ruling.Move(slot.check(now, bond),
        List.of(Posting.free(creator, -bond.gwei()), Posting.locked(creator, bond.gwei())));
  }

  private static long bond(Slot.Terms terms, Panel panel) {
    return LedgerRules.sum(panel.fees(), terms.price().times(1, COMPENSATION_DIVISOR));
  }

  /// Ends a deal by its panel's word.
  Ruling decided(Slot.Checked slot, Intent.Decided proof) {
    return Check.all(Check.notAfter("verdict", slot.verdictBy(), now),
        Check.equal("panel", proof.panel().id(), slot.terms().panel()), quorum(slot, proof))
        .orReject(() -> {
          var members = proof.verdicts().stream().map(Signed::signer).toList();
          return split(slot, proof, members).close(slot, ended(proof), now);
        });
  }

  /// Equal verdicts on this deal, each by another member of the panel, enough of them.
  private static Check quorum(Slot.Checked slot, Intent.Decided proof) {
    var verdicts = proof.verdicts();
    var signers = verdicts.stream().map(Signed::signer).distinct().toList();
    return Check.all(
        Check.that(verdicts.size() >= proof.panel().quorum() && signers.size() == verdicts.size(),
            () -> new Rejection.Mismatch("quorum", signers.size() + " < " + proof.panel().quorum())),
        Check.that(proof.panel().mediators().containsAll(signers),
            () -> new Rejection.NotAParty(signers.toString(), proof.panel().mediators().toString())),
        Check.that(verdicts.stream().map(Signed::word).allMatch(word -> word.deal().equals(slot.terms().deal())
            && word.round() == round(proof) && word.verdict() == decision(proof)),
            () -> new Rejection.Mismatch("verdicts", "not all the same on deal " + slot.terms().deal())));
  }

  private static int decision(Intent.Decided proof) {
    return proof.verdicts().getFirst().word().verdict();
  }

  private static int round(Intent.Decided proof) {
    return proof.verdicts().getFirst().word().round();
  }

  private static DealPhase ended(Intent.Decided proof) {
    return switch (decision(proof)) {
      case OK, NONDET -> DealPhase.MEDIATION_ACCEPTED;
      case BAD -> DealPhase.MEDIATION_REJECTED;
      default -> DealPhase.NO_VERDICT;
    };
  }

  /// The fees are paid by who was in the wrong: of the bond, or of the collateral and, where that is too small, the
  /// bond. A panel that could not judge earns nothing: paid by the pool, it could be anybody's who disputes with
  /// himself.
  private static Split split(Slot.Checked slot, Intent.Decided proof, List<Address> members) {
    Slot.Terms terms = slot.terms();
    Lp fee = proof.panel().fee();
    Lp fees = fee.times(members.size(), 1);
    Lp compensation = terms.price().times(1, COMPENSATION_DIVISOR);
    Lp stake = terms.price().plus(slot.bond());
    return switch (decision(proof)) {
      case OK -> new Split(slot.cost().plus(compensation),
          stake.minus(slot.cost()).minus(compensation).minus(fees), Lp.ZERO, fee, members);
      case NONDET -> new Split(slot.cost(), stake.minus(slot.cost()).minus(fees), Lp.ZERO, fee, members);
      case BAD -> {
        Lp ofCollateral = fees.min(terms.collateral());
        Lp onTop = compensation.min(terms.collateral().minus(ofCollateral));
        yield new Split(Lp.ZERO, stake.minus(fees.minus(ofCollateral)).plus(onTop), terms.collateral(), fee, members);
      }
      default -> new Split(Lp.ZERO, stake, Lp.ZERO, Lp.ZERO, List.of());
    };
  }

  /// Ends a deal whose panel has said nothing in time.
  Ruling silent(Slot.Checked slot) {
    return Check.notBefore("end of mediation", slot.verdictBy() + 1, now)
        .orReject(() -> Split.refund(slot).close(slot, DealPhase.TIMEOUT_MEDIATE_RESULTS, now));
  }
}
