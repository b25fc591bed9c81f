package network.lilypad.actors.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.machine.Machine.Attributes;
import network.lilypad.actors.machine.Machine.Hello;
import network.lilypad.actors.machine.Machine.Running;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import org.jspecify.annotations.Nullable;

/// A provider's agent and its one machine: dials, signs, runs, delivers; in bad weather it crashes, forgets or stays
/// away, and by its malice it cheats.
final class Agent {
  private static final long BEAT_MILLIS = 3_000;
  private static final long DIAL_PATIENCE_MILLIS = 10_000;
  private static final int RENEW_ONE_IN = 40;
  private static final int LONGEST_UNREACHABLE_SECONDS = 50;
  private static final int BREAK_ONE_IN = 25;
  private static final int DRAIN_ONE_IN = 30;

  private static final Resources GPU = new Resources(0, 1, Bytes32.ZERO, 0, 0, 0);

  /// How a run is answered.
  enum Conduct {
    HONEST, GIVES_BACK, NEVER_ANSWERS, LATE, IN_THE_LAST_SECONDS, GREEDY, WRONG_DEAL, POSTS_ITSELF, POSTS_ANOTHER
  }

  /// A deal on this machine.
  static final class Run {
    final Signed<JobOffer> offer;
    final Lease lease;
    final Conduct conduct;
    final long startedAt;
    boolean live = true;
    boolean released;
    @Nullable
    Signed<Result> result;
    boolean answered;

    Run(Signed<JobOffer> offer, Lease lease, Conduct conduct, long startedAt) {
      this.offer = offer;
      this.lease = lease;
      this.conduct = conduct;
      this.startedAt = startedAt;
    }

    Resources slice() {
      return offer.word().work().resources();
    }
  }

  final String name;
  final Address provider;
  final Resources physical;
  private final World world;
  private final MachineId machine;
  private final Map<DealId, Run> runs = new LinkedHashMap<>();
  private Signed<ResourceOffer> offer;
  private Bytes32 digest = Bytes32.ZERO;
  private long version;
  private long sessions;
  private @Nullable Link link;
  private boolean welcome;
  private long dialledAt;
  private long unreachableUntil;
  private boolean alive = true;
  private final long diesAt;

  Agent(World world, int number) {
    this.world = world;
    this.name = "agent" + number;
    this.provider = new Address(2, number, 0);
    this.machine = new MachineId(provider, new Bytes32(2, number, 0, 0));
    int gpus = 1 + world.random.nextInt(3);
    this.physical = new Resources(2000 + 1000 * world.random.nextInt(7), gpus, Bytes32.ZERO, 8_000, 64_000, 64_000);
    this.offer = renewed();
    this.diesAt = world.random.nextInt(6) == 0
        ? Scheduler.BEGIN_SECONDS + world.random.nextLong(2 * world.faults.stormSeconds())
        : Long.MAX_VALUE;
    world.trace.name(provider, name);
    world.ledger.faucet(provider, Lp.gwei(world.random.nextInt(10) == 0 ? 3_000 : 1_000_000));
    world.machine(machine);
    world.clock.after(world.random.nextInt(5_000), name, "starts", this::beat);
  }

  private Signed<ResourceOffer> renewed() {
    version++;
    digest = new Bytes32(3, provider.b(), version, 0);
    var capacity = new Resources(2000 + 1000 * world.random.nextInt(10), world.random.nextInt(6), Bytes32.ZERO, 8_000,
        64_000, 64_000);
    long lasts = world.random.nextInt(5) == 0 ? 20 + world.random.nextInt(200) : 10_000;
    var word = new ResourceOffer(provider, provider, Address.ZERO, Bytes32.ZERO, machine.machine(), version,
        List.of(), capacity, Lp.gwei(1 + world.random.nextInt(20)), Lp.gwei(1 + world.random.nextInt(20)),
        Lp.gwei(2_000), 1_000, world.clock.seconds() + lasts, Bytes32.ZERO);
    world.auditor.asks(digest, word);
    return world.sign(provider, word);
  }

  List<Run> liveRuns() {
    return runs.values().stream().filter(run -> run.live).toList();
  }

  boolean hears(Link session) {
    return alive && session == link;
  }

  private void beat() {
    if (world.clock.seconds() >= diesAt) {
      lose(false);
      return;
    }
    if (alive) {
      if (world.stormy()) {
        mischief();
      }
      stayAttached();
      runs.values().forEach(this::deliver);
    }
    world.clock.after(BEAT_MILLIS, name, "beats", this::beat);
  }

  private void mischief() {
    if (world.random.nextInt(RENEW_ONE_IN) == 0) {
      offer = renewed();
      hangUp();
    }
    if (world.random.nextInt(DRAIN_ONE_IN) == 0) {
      declare(world.random.nextBoolean());
    }
    if (world.random.nextInt(BREAK_ONE_IN) == 0 && world.chance(4 * world.faults.drop())) {
      hangUp();
      unreachableUntil = world.clock.seconds() + world.random.nextInt(LONGEST_UNREACHABLE_SECONDS);
    }
  }

  private void hangUp() {
    var session = link;
    if (session != null) {
      session.breakNow();
    }
    link = null;
    welcome = false;
  }

  private void stayAttached() {
    var session = link;
    if (world.clock.seconds() < unreachableUntil) {
      return;
    }
    boolean tired = !welcome && world.clock.millis() > dialledAt + DIAL_PATIENCE_MILLIS;
    if (session != null && session.up() && !tired) {
      return;
    }
    hangUp();
    var fresh = new Link(world, this, world.machine(machine), ++sessions);
    link = fresh;
    dialledAt = world.clock.millis();
    var hello = hello(physical);
    fresh.toMachine(hello, node -> node.attach(fresh, hello));
  }

  private Hello hello(Resources found) {
    var running = runs.entrySet().stream().map(e -> new Running(e.getKey(), e.getValue().lease.epoch())).toList();
    return new Hello(offer, digest,
        new Attributes(List.of(Engine.DOCKER), List.of(), List.of(), MachineLimits.UNLIMITED, List.of()), found,
        running);
  }

  /// The owner drains the machine or not, and a GPU may be out of order.
  private void declare(boolean draining) {
    var session = link;
    if (session != null && session.up() && welcome) {
      var hello = hello(world.random.nextBoolean() ? physical : physical.minus(GPU));
      session.toMachine(hello, node -> node.declare(session, hello, draining));
    }
  }

  /// The agent's process is killed. Containers run on unless its memory is lost too.
  void crash() {
    if (alive) {
      lose(world.random.nextBoolean());
      world.clock.after(100L + world.random.nextInt(60_000), name, "is back", () -> alive = true);
    }
  }

  private void lose(boolean memory) {
    alive = false;
    hangUp();
    world.trace.add(world.clock.millis(), name, memory ? "crashes and forgets" : "crashes");
    if (memory) {
      runs.clear();
    }
  }

  void closed(Link session) {
    if (session == link) {
      hangUp();
    }
  }

  void reconcile(List<DealId> kill) {
    welcome = true;
    kill.forEach(deal -> kill(deal, Long.MAX_VALUE));
  }

  void kill(DealId deal, long epoch) {
    var run = runs.get(deal);
    if (run != null && run.lease.epoch() <= epoch) {
      runs.remove(deal);
    }
    var session = link;
    if (session != null) {
      session.toMachine("killed", node -> node.killed(session, deal));
    }
    world.changed();
  }

  void forget(DealId deal) {
    var run = runs.get(deal);
    if (run != null && !run.live) {
      runs.remove(deal);
    }
  }

  void signLease(Signed<JobOffer> job, Lease lease) {
    var deal = lease.deal();
    long needs = lease.openBy() + job.word().work().runSeconds();
    if (misbehaves(3) || needs > lease.submitBy() || !offersAt(job.word(), lease)) {
      say("declines", node -> node.leaseDeclined(deal, "not for me"));
    } else if (misbehaves(10)) {
      var other = new Lease(lease.job(), lease.attempt(), provider, lease.offer(), lease.epoch(),
          lease.price().plus(Lp.gwei(1)), lease.collateral(), lease.ttlSeconds(), lease.openBy(), lease.submitBy(),
          Bytes32.ZERO);
      var signed = world.sign(provider, other);
      say(signed, node -> node.leaseSigned(signed));
    } else {
      var signed = world.sign(provider, lease);
      say(signed, node -> node.leaseSigned(signed));
    }
  }

  private boolean offersAt(JobOffer job, Lease lease) {
    var asked = world.auditor.asked(lease.offer());
    return lease.price().covers(job.priceAt(asked.askPerGpuSecond(), asked.askPerCoreSecond()));
  }

  private boolean misbehaves(int oneIn) {
    return world.random.nextInt(oneIn) == 0 && world.chance(world.faults.malice());
  }

  private void say(Object what, Consumer<MachineNode> delivery) {
    var session = link;
    if (session != null) {
      session.toMachine(what, delivery);
    }
  }

  void run(DealId deal, Signed<JobOffer> job, Signed<Lease> lease) {
    if (!runs.containsKey(deal)) {
      start(deal, job, lease.word());
    }
    say("run taken", node -> node.runTaken(deal));
  }

  private void start(DealId deal, Signed<JobOffer> job, Lease lease) {
    var conduct = world.chance(world.faults.malice())
        ? Conduct.values()[world.random.nextInt(Conduct.values().length)]
        : Conduct.HONEST;
    var run = new Run(job, lease, conduct, world.clock.seconds());
    runs.put(deal, run);
    world.auditor.runs(machine, lease);
    world.changed();
    long seconds = 1 + world.random.nextLong(job.word().work().runSeconds());
    world.clock.after(seconds * 1000, name, "run ends", () -> {
      if (runs.get(deal) == run) {
        finish(run, seconds);
      }
    });
  }

  private void finish(Run run, long seconds) {
    run.live = false;
    var honest = result(run, seconds, SimLedger.part(run.lease.price(), seconds, run.offer.word().work().runSeconds()));
    switch (run.conduct) {
      case HONEST, POSTS_ITSELF -> run.result = honest;
      case GIVES_BACK -> run.released = true;
      case NEVER_ANSWERS -> run.answered = true;
      case LATE -> world.clock.after((run.lease.submitBy() + 5) * 1000 - world.clock.millis(), name, "is late",
          () -> run.result = honest);
      case IN_THE_LAST_SECONDS -> world.clock.after(
          (run.lease.submitBy() - world.random.nextInt(15)) * 1000 - world.clock.millis(), name, "is just in time",
          () -> {
            run.result = honest;
            deliver(run);
          });
      case GREEDY, POSTS_ANOTHER -> run.result = result(run, seconds, run.lease.price().plus(Lp.gwei(5)));
      case WRONG_DEAL -> run.result = world.sign(provider, new Result(new DealId(new Bytes32(9, 9, 9, 9)),
          Bytes32.ZERO, Lp.ZERO, run.startedAt, run.startedAt + seconds));
    }
    if (run.conduct == Conduct.POSTS_ITSELF || run.conduct == Conduct.POSTS_ANOTHER) {
      world.keeper.posts(run.lease.deal(), honest);
    }
    deliver(run);
  }

  private Signed<Result> result(Run run, long seconds, Lp cost) {
    return world.sign(provider, new Result(run.lease.deal(), new Bytes32(5, run.lease.epoch(), seconds, 0), cost,
        run.startedAt, run.startedAt + seconds));
  }

  private void deliver(Run run) {
    var deal = world.deal(run.lease.deal());
    var result = run.result;
    if (run.released && deal.state().phase() == DealPhase.AGREED) {
      world.tell(deal, new Deal.GiveBack(world.sign(provider, new Release(run.lease.deal())), Refs.DEAL_REPLY));
    }
    if (alive && result != null && !run.answered) {
      world.tell(deal, new Deal.SubmitResult(result, Refs.DEAL_REPLY));
    }
  }

  /// A deal has answered a result.
  void answered(Signed<Result> result, List<Rejection> refused) {
    for (var run : new ArrayList<>(runs.values())) {
      if (run.result != null && run.result.equals(result)) {
        run.answered = true;
        if (!refused.isEmpty() && run.conduct == Conduct.GREEDY && world.random.nextBoolean()) {
          long seconds = result.word().runSeconds();
          run.result = result(run, seconds,
              SimLedger.part(run.lease.price(), seconds, run.offer.word().work().runSeconds()));
          run.answered = false;
        }
      }
    }
  }
}
