package network.lilypad.node.agent;

import java.util.List;
import java.util.Optional;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;

/// Decides which leases an agent signs. Pure: the last word on what binds its owner's money.
///
/// @param owner what the owner lets run
/// @param offer the standing resource offer
/// @param offerDigest its EIP-712 digest
/// @param machine what works here
record AgentPolicy(ProviderPolicy owner, ResourceOffer offer, Bytes32 offerDigest, Machine machine) {

  /// What works on a machine.
  ///
  /// @param engines what runs jobs
  /// @param noHttp why containers cannot be let out to single hosts; empty if they can
  record Machine(List<Engine> engines, String noHttp) {}

  /// What is asked of an agent.
  ///
  /// @param offer the creator's job offer, its signature verified
  /// @param job the offer's own EIP-712 digest
  /// @param lease the lease to sign
  /// @param spec the job's spec, its digest verified
  record Proposal(Signed<JobOffer> offer, Bytes32 job, Lease lease, JobSpec spec) {}

  /// What the machine has left.
  ///
  /// @param free what is not leased
  /// @param deals leases it has signed and not yet done with
  /// @param draining whether its owner drains it
  /// @param diskBytes what one more deal may write to the disk, whatever is free of the offer
  record Room(Resources free, int deals, boolean draining, long diskBytes) {}

  /// Why it does not sign, empty if it does: a name that programs may key on, a colon, and a sentence.
  ///
  /// @param room what the machine has left
  /// @param now ledger seconds
  Optional<String> refusal(Proposal proposal, Room room, long now) {
    return identity(proposal).or(() -> market(proposal.offer().word())).or(() -> owner(proposal))
        .or(() -> terms(proposal)).or(() -> times(proposal, now)).or(() -> room(proposal.offer().word(), room));
  }

  private Optional<String> identity(Proposal p) {
    return unless(p.offer().signer().equals(p.offer().word().creator()), "signature",
        "the job offer is signed by " + p.offer().signer() + " (expected: its creator)")
        .or(() -> unless(p.lease().job().digest().equals(p.job()), "lease", "the lease names another job"))
        .or(() -> unless(p.lease().provider().equals(offer.provider()), "lease", "the lease names another provider"))
        .or(() -> unless(p.lease().offer().equals(offerDigest), "lease",
            "the lease names an older offer of this machine"))
        .or(() -> unless(p.lease().extra().isZero() && p.offer().word().extra().isZero(), "extra",
            "extra terms that this agent does not know"));
  }

  private Optional<String> market(JobOffer job) {
    return unless(job.solver().equals(offer.solver()) && job.market().equals(offer.market()), "market",
        "the job is for another market")
        .or(() -> unless(job.target().isZero() || job.target().equals(offer.provider()), "target",
            "the job is for provider " + job.target()))
        .or(() -> unless(job.panel().isZero() || offer.panels().contains(job.panel()), "panel",
            "the mediator panel is not trusted"));
  }

  private Optional<String> owner(Proposal p) {
    var work = p.offer().word().work();
    var name = p.spec().name();
    return unless(machine.engines().contains(work.engine()), "engine",
        "engine " + work.engine() + " does not work here")
        .or(() -> unless(!owner.modules().denies(name, p.spec().source()), "module-denied",
            "the owner does not run " + name))
        .or(() -> unless(owner.modules().allows(name, p.spec().source()), "module-not-allowed",
            name + " is not on the owner's list"))
        .or(() -> unless(work.runSeconds() <= owner.maxRunSeconds(), "max-run",
            "a run of " + work.runSeconds() + " s (expected: at most " + owner.maxRunSeconds() + ")"))
        .or(() -> unless(work.network().number() <= owner.network().number(), "network",
            "network " + work.network() + " (allowed: " + owner.network() + ")"))
        .or(() -> unless(work.network() != NetworkPolicy.HTTP || work.engine() != Engine.DOCKER
            || machine.noHttp().isEmpty(), "network", "network HTTP: " + machine.noHttp()))
        .or(() -> work.network() == NetworkPolicy.HTTP ? host(p.spec()) : Optional.empty());
  }

  private Optional<String> host(JobSpec spec) {
    return owner.hosts().isEmpty() ? Optional.empty()
        : spec.hosts().stream().filter(host -> !owner.hosts().match(host)).findFirst()
            .map(host -> "host: " + host + " is not on the owner's list");
  }

  private Optional<String> terms(Proposal p) {
    var job = p.offer().word();
    var ask = job.priceAt(offer.askPerGpuSecond(), offer.askPerCoreSecond());
    return unless(p.lease().price().covers(ask), "ask",
        "a price of " + p.lease().price() + " is below the ask of " + ask)
        .or(() -> unless(p.lease().price().covers(owner.minPrice()), "min-price",
            "a price of " + p.lease().price() + " (expected: at least " + owner.minPrice() + ")"))
        .or(() -> unless(job.maxPrice().covers(p.lease().price()), "max-price",
            "the price is above the job's own limit"))
        .or(() -> unless(offer.maxCollateral().covers(p.lease().collateral()), "collateral",
            "collateral of " + p.lease().collateral() + " (expected: at most " + offer.maxCollateral() + ")"))
        .or(() -> unless(job.reviewSeconds() <= offer.maxReviewSeconds(), "review",
            "a review of " + job.reviewSeconds() + " s (expected: at most " + offer.maxReviewSeconds() + ")"));
  }

  private static Optional<String> times(Proposal p, long now) {
    var lease = p.lease();
    long needed = lease.openBy() + p.offer().word().work().runSeconds();
    return unless(lease.openBy() >= now, "time", "the lease can no longer be opened").or(() -> unless(
        lease.submitBy() >= needed, "time", "too little time between opening and submission for the run"));
  }

  private Optional<String> room(JobOffer job, Room room) {
    return unless(!room.draining(), "draining", "the owner drains this machine")
        .or(() -> unless(room.deals() < owner.deals(), "deals",
            room.deals() + " deals at work (expected: at most " + owner.deals() + ")"))
        .or(() -> unless(room.free().holds(job.work().resources()), "capacity", "not enough free: " + room.free()))
        .or(() -> disk(job.work().resources(), room.diskBytes()));
  }

  /// The offer is about a share of the disk as it was; others may have filled it since.
  private static Optional<String> disk(Resources wanted, long bytes) {
    return unless(DiskRoom.most(wanted) <= bytes, "disk", "a job may write " + (DiskRoom.most(wanted) >> 20)
        + " MiB (expected: at most " + (bytes >> 20) + ", what is free beyond the reserve and the deals at work)");
  }

  private static Optional<String> unless(boolean holds, String name, String reason) {
    return holds ? Optional.empty() : Optional.of(name + ": " + reason);
  }
}
