package network.lilypad.actors.market;

import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;

/// What the book proposes to a deal: this attempt of the job on that machine, at this price.
///
/// @param job the job
/// @param attempt its attempt, 1 to 255
/// @param machine the machine whose slice has left the book
/// @param price at most the job's maxPrice, at least the market's minimum charge
/// @param offer digest of the machine's offer that was matched
public record Proposal(JobId job, int attempt, MachineId machine, Lp price, Bytes32 offer) {
  /// The deal it is for. Hashes: ask once.
  public DealId deal() {
    return job.deal(attempt);
  }
}
