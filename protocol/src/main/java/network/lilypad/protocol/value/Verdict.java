package network.lilypad.protocol.value;

/// A mediator's word on a disputed result.
///
/// @param deal the deal
/// @param round 1 to 255
/// @param verdict 1 OK, 2 BAD, 3 NONDET, 4 NO_INPUT, 5 ABSTAIN
/// @param commitment what the mediator's own run gave, zero if it did not run
public record Verdict(DealId deal, int round, int verdict, Bytes32 commitment) implements Signable {
  /// @throws IllegalArgumentException if a number is out of bounds
  public Verdict {
    Bounds.check("round", round, 1, 255);
    Bounds.check("verdict", verdict, 1, 5);
  }
}
