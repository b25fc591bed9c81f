package network.lilypad.protocol.value;

/// A provider's word for what a run gave and cost.
///
/// @param deal the deal
/// @param commitment the result root
/// @param cost what it asks, at most the lease's price for the metered time
/// @param startedAt when the run began
/// @param endedAt when it ended, not before it began
public record Result(DealId deal, Bytes32 commitment, Lp cost, long startedAt, long endedAt) implements Signable {
  /// @throws IllegalArgumentException if a number is out of bounds
  public Result {
    Bounds.check("startedAt", startedAt, 0, Bounds.MAX_UINT40);
    Bounds.check("endedAt", endedAt, startedAt, Bounds.MAX_UINT40);
  }

  /// The seconds that are paid for.
  public long runSeconds() {
    return endedAt - startedAt;
  }
}
