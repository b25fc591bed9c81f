package network.lilypad.protocol.value;

import java.math.BigInteger;

/// A job creator's offer: run this work, for at most this price, under these conditions. Its signature is all the
/// creator ever has to give for the money of one deal at a time to be locked.
///
/// @param creator who pays
/// @param acceptor who may accept a result in the creator's place, zero: only the creator
/// @param solver whose market may match it
/// @param market the market it is for
/// @param target the only provider it is for, zero: any
/// @param panel the mediator panel, zero: none asked for
/// @param work what to run
/// @param maxPrice the most the creator pays a provider
/// @param maxFee the most the solver may take on top
/// @param minCollateral what a provider must put at stake
/// @param verification how the result may be judged
/// @param maxAttempts counted attempts before the job fails, 1 to 255
/// @param reviewSeconds how long the creator may take to judge a result, 0 to 2^31-1
/// @param validUntil a deal may be *opened* until then
/// @param deliverBy results after this time are worthless to the creator
/// @param nonce the creator's own number: two otherwise equal offers are two jobs
/// @param extra zero
public record JobOffer(Address creator, Address acceptor, Address solver, Bytes32 market, Address target, Bytes32 panel,
    Work work, Lp maxPrice, Lp maxFee, Lp minCollateral, Verification verification, int maxAttempts, int reviewSeconds,
    long validUntil, long deliverBy, long nonce, Bytes32 extra) implements Signable {
  /// @throws IllegalArgumentException if a number is out of bounds
  public JobOffer {
    Bounds.check("maxAttempts", maxAttempts, 1, DealId.MAX_ATTEMPT);
    Bounds.check("reviewSeconds", reviewSeconds, 0, Integer.MAX_VALUE);
    Bounds.check("validUntil", validUntil, 0, Bounds.MAX_UINT40);
    Bounds.check("deliverBy", deliverBy, 0, Bounds.MAX_UINT40);
    Bounds.check("nonce", nonce, 0, Long.MAX_VALUE);
  }

  /// What must lie ready while the job waits: the most that one deal can cost.
  public Lp budget() {
    return maxPrice.plus(maxFee);
  }

  /// What this job costs at a provider's ask: GPUs where it wants some, else cores, for its whole run, rounded up.
  ///
  /// @param askPerGpuSecond gwei of LP for one GPU for one second
  /// @param askPerCoreSecond gwei of LP for 1000 milli-CPU for one second
  /// @throws IllegalArgumentException if it is beyond all LP there is
  public Lp priceAt(Lp askPerGpuSecond, Lp askPerCoreSecond) {
    return work.resources().gpus() > 0
        ? askPerGpuSecond.times((long) work.resources().gpus() * work.runSeconds(), 1)
        : ceiling(askPerCoreSecond, (long) work.resources().milliCpu() * work.runSeconds());
  }

  /// The same wish with later ends: what the creator would sign to ask once more.
  ///
  /// @param validUntil a deal may be opened until then
  /// @param deliverBy results after this time are worthless
  public JobOffer renewed(long validUntil, long deliverBy) {
    return new JobOffer(creator, acceptor, solver, market, target, panel, work, maxPrice, maxFee, minCollateral,
        verification, maxAttempts, reviewSeconds, validUntil, deliverBy, nonce, extra);
  }

  private static Lp ceiling(Lp perCoreSecond, long milliCpuSeconds) {
    var exact = BigInteger.valueOf(perCoreSecond.gwei()).multiply(BigInteger.valueOf(milliCpuSeconds));
    return Lp.exact(exact.add(BigInteger.valueOf(999)).divide(BigInteger.valueOf(1000)));
  }
}
