package network.lilypad.actors.market;

import java.util.HashSet;
import java.util.Set;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;

/// A job's entry in the book: one attempt that is open for a proposal.
///
/// @param id the job
/// @param offer its signed offer
/// @param ledger the ledger that the offer is signed for: chain and contract
/// @param attempt the attempt that is open, 1 to 255
/// @param excluded providers left out because of earlier attempts
/// @param age where it stands among equal prices: the lower the older
public record JobEntry(JobId id, JobOffer offer, Domain ledger, int attempt, Set<Address> excluded, long age) {
  /// @throws IllegalArgumentException if the attempt is out of bounds
  public JobEntry {
    Bounds.check("attempt", attempt, 1, DealId.MAX_ATTEMPT);
    excluded = Set.copyOf(excluded);
  }

  boolean wantsGpus() {
    return offer.work().resources().gpus() > 0;
  }

  /// The last second at which a deal could open and still deliver in time.
  long lastStart() {
    return Math.min(offer.validUntil(), offer.deliverBy() - offer.work().runSeconds());
  }

  JobEntry excluding(Address provider) {
    var more = new HashSet<>(excluded);
    more.add(provider);
    return new JobEntry(id, offer, ledger, attempt, more, age);
  }
}
