package network.lilypad.chain.local;

import java.util.List;

import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

/// What the rules say to an intent about a deal.
sealed interface Ruling {
  /// It happens.
  ///
  /// @param after the slot from now on
  /// @param postings the money that moves; they sum to zero
  record Move(Slot after, List<Posting> postings) implements Ruling {
    public Move {
      long sum = postings.stream().mapToLong(Posting::gwei).reduce(0, Math::addExact);
      Defect.unless(sum == 0, "postings of deal " + after.terms().deal() + ": sum " + sum + " (expected: 0)");
    }
  }

  /// Nothing moves: the ledger already holds a truth that beats it, which is the answer.
  record Stands() implements Ruling {}

  /// Nothing moves, and this is why.
  record Reject(Rejection why) implements Ruling {}
}
