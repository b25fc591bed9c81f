package network.lilypad.protocol.value;

/// How fast a machine is by its agent's own measurement. Unsigned: for people to compare, nothing is matched, judged or
/// paid by it.
///
/// @param measuredAt ledger seconds, 0 to 2^40-1
/// @param sha256MibPerSecond hashed by one core, not negative like all that follow
/// @param copiedMibPerSecond copied in memory by one core
/// @param writtenMibPerSecond written to the agent's disk, sync included
/// @param syncMicros one small write to be on the disk
public record MachineSpeed(long measuredAt, long sha256MibPerSecond, long copiedMibPerSecond, long writtenMibPerSecond,
    long syncMicros) {
  /// @throws IllegalArgumentException if a number is out of bounds
  public MachineSpeed {
    Bounds.check("measuredAt", measuredAt, 0, Bounds.MAX_UINT40);
    Bounds.check("sha256MibPerSecond", sha256MibPerSecond, 0, Long.MAX_VALUE);
    Bounds.check("copiedMibPerSecond", copiedMibPerSecond, 0, Long.MAX_VALUE);
    Bounds.check("writtenMibPerSecond", writtenMibPerSecond, 0, Long.MAX_VALUE);
    Bounds.check("syncMicros", syncMicros, 0, Long.MAX_VALUE);
  }
}
