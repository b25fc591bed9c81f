package network.lilypad.node.agent;

import java.util.Optional;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;

/// Decides which leases an agent signs. Pure: the last word on what binds its owner's money.
///
/// @param config the owner's terms
/// @param offer the standing resource offer
/// @param offerDigest its EIP-712 digest
/// @param engines what works here
record AgentPolicy(AgentConfig config, ResourceOffer offer, Bytes32 offerDigest, java.util.List<Engine> engines) {

  /// What is asked of an agent.
  ///
  /// @param offer the creator's job offer, its signature verified
  /// @param job the offer's own EIP-712 digest
  /// @param lease the lease to sign
  record Proposal(Signed<JobOffer> offer, Bytes32 job, Lease lease) {}

  /// Why it does not sign, empty if it does.
  ///
  /// @param free what is not leased
  /// @param now ledger seconds
  Optional<String> refusal(Proposal proposal, Resources free, long now) {
    return identity(proposal).or(() -> market(proposal.offer().word())).or(() -> work(proposal.offer().word()))
        .or(() -> terms(proposal)).or(() -> times(proposal, now)).or(() -> capacity(proposal.offer().word(), free));
  }

  private Optional<String> identity(Proposal p) {
    return unless(p.offer().signer().equals(p.offer().word().creator()),
        "the job offer is signed by " + p.offer().signer() + " (expected: its creator)")
        .or(() -> unless(p.lease().job().digest().equals(p.job()), "the lease names another job"))
        .or(() -> unless(p.lease().provider().equals(offer.provider()), "the lease names another provider"))
        .or(() -> unless(p.lease().offer().equals(offerDigest), "the lease names an older offer of this machine"))
        .or(() -> unless(p.lease().extra().isZero() && p.offer().word().extra().isZero(),
            "extra terms that this agent does not know"));
  }

  private Optional<String> market(JobOffer job) {
    return unless(job.solver().equals(offer.solver()) && job.market().equals(offer.market()),
        "the job is for another market")
        .or(() -> unless(job.target().isZero() || job.target().equals(offer.provider()),
            "the job is for provider " + job.target()))
        .or(() -> unless(job.panel().isZero() || offer.panels().contains(job.panel()),
            "the mediator panel is not trusted"));
  }

  private Optional<String> work(JobOffer job) {
    var work = job.work();
    return unless(engines.contains(work.engine()), "engine " + work.engine() + " does not work here")
        .or(() -> unless(work.network().number() <= config.network().number(),
            "network " + work.network() + " (allowed: " + config.network() + ")"))
        .or(() -> unless(work.network() != NetworkPolicy.HTTP,
            "network HTTP: this agent has no filter for single hosts (allowed: NONE"
                + (config.network() == NetworkPolicy.FULL ? " or FULL)" : ")")))
        .or(() -> unless(work.runSeconds() <= config.maxRunSeconds(),
            "a run of " + work.runSeconds() + " s (expected: at most " + config.maxRunSeconds() + ")"))
        .or(() -> unless(config.allowedModules().isEmpty() || config.allowedModules().contains(work.module()),
            "the module is not on the owner's list"))
        .or(() -> unless(!config.deniedModules().contains(work.module()), "the owner does not run this module"));
  }

  private Optional<String> terms(Proposal p) {
    var job = p.offer().word();
    var ask = job.priceAt(offer.askPerGpuSecond(), offer.askPerCoreSecond());
    return unless(p.lease().price().covers(ask), "a price of " + p.lease().price() + " is below the ask of " + ask)
        .or(() -> unless(job.maxPrice().covers(p.lease().price()), "the price is above the job's own limit"))
        .or(() -> unless(offer.maxCollateral().covers(p.lease().collateral()),
            "collateral of " + p.lease().collateral() + " (expected: at most " + offer.maxCollateral() + ")"))
        .or(() -> unless(job.reviewSeconds() <= offer.maxReviewSeconds(),
            "a review of " + job.reviewSeconds() + " s (expected: at most " + offer.maxReviewSeconds() + ")"));
  }

  private static Optional<String> times(Proposal p, long now) {
    var lease = p.lease();
    long needed = lease.openBy() + p.offer().word().work().runSeconds();
    return unless(lease.openBy() >= now, "the lease can no longer be opened")
        .or(() -> unless(lease.submitBy() >= needed, "too little time between opening and submission for the run"));
  }

  private static Optional<String> capacity(JobOffer job, Resources free) {
    return unless(free.holds(job.work().resources()), "not enough free: " + free);
  }

  private static Optional<String> unless(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
