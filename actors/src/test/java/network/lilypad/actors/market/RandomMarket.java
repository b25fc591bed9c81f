package network.lilypad.actors.market;

import static network.lilypad.actors.market.Market.H100;
import static network.lilypad.actors.market.Market.LARGE;
import static network.lilypad.actors.market.Market.LATER;
import static network.lilypad.actors.market.Market.LEDGER;
import static network.lilypad.actors.market.Market.MARKET;
import static network.lilypad.actors.market.Market.MODULE;
import static network.lilypad.actors.market.Market.NOON;
import static network.lilypad.actors.market.Market.PANEL;
import static network.lilypad.actors.market.Market.SOLVER;
import static network.lilypad.actors.market.Market.address;
import static network.lilypad.actors.market.Market.digest;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// Words of a small market, drawn so that most pairs nearly match and every rule falls now and then.
final class RandomMarket {
  private static final int MACHINES = 6;
  private static final int PROVIDERS = 4;
  private static final int JOBS = 8;
  private static final Domain OTHER_LEDGER = new Domain(1, address(900));
  private final Random random;

  RandomMarket(long seed) {
    this.random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private boolean rarely() {
    return below(12) == 0;
  }

  @SafeVarargs private <T> T pick(T... choices) {
    return choices[below(choices.length)];
  }

  MachineId machine() {
    int number = below(MACHINES);
    return new MachineId(address(1 + number % PROVIDERS), digest(1 + number));
  }

  JobId job() {
    return Market.job(1 + below(JOBS));
  }

  Refusal refusal() {
    return pick(Refusal.values());
  }

  Resources capacity() {
    int gpus = pick(0, 1, 4);
    return new Resources(pick(1000, 4000, 8000), gpus, pick(Bytes32.ZERO, H100, digest(7)), pick(0, 40, 80),
        pick(500L, 64_000L), pick(500L, 64_000L));
  }

  private Resources wanted() {
    int gpus = pick(0, 0, 1, 2);
    return new Resources(pick(0, 500, 1000, 4000), gpus, pick(Bytes32.ZERO, Bytes32.ZERO, H100), pick(0, 40, 80),
        pick(100L, 500L, 1000L), pick(0L, 500L));
  }

  Standing standing(long revision, Set<Attempt> reserved) {
    return new Standing(revision, !rarely(), rarely() ? Resources.NONE : pick(LARGE, capacity()), reserved);
  }

  /// Some of the attempts under way, and one that is not.
  Set<Attempt> some(List<Proposal> proposals) {
    var some = new HashSet<Attempt>();
    proposals.stream().filter(_ -> random.nextBoolean())
        .forEach(proposal -> some.add(new Attempt(proposal.job(), proposal.attempt())));
    some.add(new Attempt(job(), 1 + below(3)));
    return some;
  }

  ResourceEntry resourceEntry(Standing standing) {
    var id = machine();
    var offer = new ResourceOffer(id.provider(), id.provider(), rarely() ? address(9) : SOLVER,
        rarely() ? digest(9) : MARKET, id.machine(), below(4), rarely() ? List.of() : List.of(digest(8), PANEL),
        pick(LARGE, capacity()), Lp.gwei(below(5)), Lp.gwei(pick(0, 1, 2, 3, 4, 1000)), Lp.gwei(rarely() ? 0 : 100),
        rarely() ? 1 : 3600, rarely() ? NOON + below(60) : LATER, Bytes32.ZERO);
    return new ResourceEntry(offer, digest(random.nextInt()), rarely() ? OTHER_LEDGER : LEDGER, attributes(),
        below(3), standing);
  }

  private Attributes attributes() {
    return new Attributes(rarely() ? Set.of(Engine.WASM) : Set.of(Engine.DOCKER, Engine.WASM),
        rarely() ? Set.of(digest(11), MODULE) : Set.of(), rarely() ? Set.of(digest(12), MODULE) : Set.of(),
        limits(), rarely() ? 100 : 500);
  }

  private MachineLimits limits() {
    return new MachineLimits(pick(NetworkPolicy.FULL, NetworkPolicy.FULL, NetworkPolicy.HTTP, NetworkPolicy.NONE),
        rarely() ? 7 : 10, rarely() ? Lp.gwei(pick(1, 20, 100)) : Lp.ZERO);
  }

  JobEntry jobEntry() {
    var work = new Work(pick(Engine.DOCKER, Engine.DOCKER, Engine.WASM), pick(MODULE, MODULE, digest(11), digest(13)),
        Bytes32.ZERO, Bytes32.ZERO, wanted(), pick(1, 7, 10),
        below(3) == 0 ? pick(NetworkPolicy.values()) : NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    var offer = new JobOffer(address(50), Address.ZERO, SOLVER, MARKET, below(5) == 0 ? address(1) : Address.ZERO,
        below(4) == 0 ? PANEL : Bytes32.ZERO, work, Lp.gwei(pick(0, 3, 10, 40, 100, 1_000_000)), Lp.ZERO,
        Lp.gwei(pick(0, 50, 200)), Verification.NONE, 3, pick(0, 60, 7200), rarely() ? NOON + below(60) : LATER,
        rarely() ? NOON + below(60) : LATER, 0, Bytes32.ZERO);
    var excluded = below(4) == 0 ? Set.of(address(2)) : Set.<Address>of();
    return new JobEntry(job(), offer, rarely() ? OTHER_LEDGER : LEDGER, 1 + below(4), excluded, below(3));
  }
}
