package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import network.lilypad.actors.market.Attributes;
import network.lilypad.actors.market.JobEntry;
import network.lilypad.actors.market.MarketTerms;
import network.lilypad.actors.market.Rules;
import network.lilypad.actors.market.Supply;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;
import org.junit.jupiter.api.Test;

/// What the market is told of an owner's policy, and what the agent makes of it.
final class KnownLimitsTest {
  private static final Rules RULES = new Rules(new MarketTerms(Lp.ZERO, 0));

  private record Machine(Attributes attributes) implements Supply {
    @Override public ResourceOffer offer() {
      return Offers.machine();
    }

    @Override public Domain ledger() {
      return Offers.DOMAIN;
    }

    @Override public boolean open() {
      return true;
    }

    @Override public Resources free() {
      return offer().capacity();
    }
  }

  @Test void a_pair_falls_in_the_market_exactly_where_the_agent_would_decline_it() {
    // a minute on one core costs 600,000 gwei
    for (var owner : owners()) {
      for (var wanted : NetworkPolicy.values()) {
        var job = job(wanted);
        boolean falls = RULES.check(entry(job), machine(owner), Offers.NOW).isPresent();
        assertThat(falls).as(owner + " and " + wanted).isEqualTo(declines(owner, job));
      }
    }
  }

  private static List<ProviderPolicy> owners() {
    var owners = new ArrayList<ProviderPolicy>();
    for (var network : NetworkPolicy.values()) {
      for (int maxRunSeconds : new int[]{59, 60}) {
        for (long minPrice : new long[]{0, 600_000, 600_001}) {
          owners.add(new ProviderPolicy(ProviderPolicy.Modules.ALL, Lp.gwei(minPrice), maxRunSeconds, network,
              Globs.NONE, ProviderPolicy.GPUS_ALL, 1, ProviderPolicy.OPEN.upkeep()));
        }
      }
    }
    return owners;
  }

  private static JobOffer job(NetworkPolicy network) {
    var work = Offers.work();
    return Offers.job(new Work(work.engine(), work.module(), Bytes32.ZERO, Bytes32.ZERO, work.resources(),
        work.runSeconds(), network, Bytes32.ZERO, Bytes32.ZERO), 1);
  }

  private static JobEntry entry(JobOffer job) {
    return new JobEntry(new JobId(Eip712.digest(Offers.DOMAIN, job)), job, Offers.DOMAIN, 1, Set.of(), 0);
  }

  private static Machine machine(ProviderPolicy owner) {
    return new Machine(new Attributes(Set.of(Engine.WASM), Set.of(), Set.of(), owner.limits(), 0));
  }

  private static boolean declines(ProviderPolicy owner, JobOffer job) {
    var policy = new AgentPolicy(owner, Offers.machine(), Eip712.digest(Offers.DOMAIN, Offers.machine()),
        new AgentPolicy.Machine(List.of(Engine.WASM), ""));
    var proposal = new AgentPolicy.Proposal(Offers.signed(job), Eip712.digest(Offers.DOMAIN, job),
        Offers.lease(job, 1), Offers.SPEC);
    return policy.refusal(proposal, new AgentPolicy.Room(Offers.machine().capacity(), 0, false, 1L << 40), Offers.NOW)
        .isPresent();
  }
}
