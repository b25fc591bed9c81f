package network.lilypad.protocol.value;

/// A provider's word that it runs one attempt of one job: binds provider and machine from opening on.
///
/// @param job the job's id
/// @param attempt 1 to 255
/// @param provider who is paid
/// @param offer digest of the resource offer's version it was made under
/// @param epoch the machine's counter: fences off every earlier lease
/// @param price what the creator pays at most; metered down by the run's time
/// @param collateral what the provider has at stake
/// @param ttlSeconds how long the machine may be silent before the lease can lapse, 1 to 2^31-1
/// @param openBy cannot be opened after this time
/// @param submitBy a result must be submitted by then
/// @param extra zero
public record Lease(JobId job, int attempt, Address provider, Bytes32 offer, long epoch, Lp price, Lp collateral,
    int ttlSeconds, long openBy, long submitBy, Bytes32 extra) implements Signable {
  /// @throws IllegalArgumentException if a number is out of bounds
  public Lease {
    Bounds.check("attempt", attempt, 1, DealId.MAX_ATTEMPT);
    Bounds.check("epoch", epoch, 0, Long.MAX_VALUE);
    Bounds.check("ttlSeconds", ttlSeconds, 1, Integer.MAX_VALUE);
    Bounds.check("openBy", openBy, 0, Bounds.MAX_UINT40);
    Bounds.check("submitBy", submitBy, 0, Bounds.MAX_UINT40);
  }

  /// The deal it is for.
  public DealId deal() {
    return job.deal(attempt);
  }
}
