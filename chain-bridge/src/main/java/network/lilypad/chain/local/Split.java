package network.lilypad.chain.local;

import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;

/// Who gets what of a deal's locked money when it ends. The verification pool gets what is left, so nothing is created
/// or lost.
///
/// @param paid to the provider, beside its collateral
/// @param refunded to the creator
/// @param slashed of the collateral, from the provider
/// @param each what each helper gets
/// @param helpers the keeper or the mediators
record Split(Lp paid, Lp refunded, Lp slashed, Lp each, List<Address> helpers) {
  /// The provider gets a part of the price, the creator the rest.
  static Split pay(Slot.Live slot, Lp paid) {
    return new Split(paid, slot.terms().price().minus(paid), Lp.ZERO, Lp.ZERO, List.of());
  }

  /// Everybody gets back what he has locked.
  static Split refund(Slot.Live slot) {
    return new Split(Lp.ZERO, slot.terms().price().plus(bond(slot)), Lp.ZERO, Lp.ZERO, List.of());
  }

  private static Lp bond(Slot.Live slot) {
    return slot instanceof Slot.Checked checked ? checked.bond() : Lp.ZERO;
  }

  /// Ends the deal so.
  Ruling close(Slot.Live slot, DealPhase phase, long now) {
    Slot.Terms terms = slot.terms();
    Lp ofCreator = terms.price().plus(bond(slot));
    Lp toProvider = terms.collateral().minus(slashed).plus(paid);
    var postings = new ArrayList<Posting>();
    postings.add(Posting.locked(terms.creator(), -ofCreator.gwei()));
    postings.add(Posting.locked(terms.provider(), -terms.collateral().gwei()));
    postings.add(Posting.free(terms.creator(), refunded.gwei()));
    postings.add(Posting.free(terms.provider(), toProvider.gwei()));
    helpers.forEach(helper -> postings.add(Posting.free(helper, each.gwei())));
    postings.add(Posting.pool(-postings.stream().mapToLong(Posting::gwei).sum()));
    return new Ruling.Move(slot.end(phase, now, paid, refunded), postings);
  }
}
