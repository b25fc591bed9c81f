package network.lilypad.actors.market;

import java.util.List;
import java.util.concurrent.CompletionStage;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;

/// The read side that a starting matchmaker fills its book from: one row for each job and machine that is open, written
/// from the tagged events. It may lag behind and may be stale; the entities decide.
public interface OpenOffers {
  /// Reads all that is open in a market.
  ///
  /// @return fails if the database does not answer; the caller asks again
  CompletionStage<Open> load(Bytes32 market);

  /// What is open.
  record Open(List<Job> jobs, List<Offer> machines) {}

  /// A job that waits, as its last Posted or AttemptLost left it.
  record Job(JobId job, Signed<JobOffer> offer, int attempt, List<Address> excluded) {}

  /// A machine, as its last Listed left it.
  ///
  /// @param capacity the smaller of offer and inventory; what is reserved of it the row does not know
  /// @param revision the Listed event's sequence number
  record Offer(Signed<ResourceOffer> offer, Bytes32 digest, Machine.Attributes attributes, Resources capacity,
      long revision) {}
}
