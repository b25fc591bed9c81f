package network.lilypad.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.Machine.Hello;
import network.lilypad.actors.machine.Machine.Running;
import network.lilypad.actors.machine.MachineEffect;
import network.lilypad.actors.machine.MachineState;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Signed;
import org.jspecify.annotations.Nullable;

/// A machine between its deals, the market and its agent's session. Presence is memory only: a machine that comes back
/// gives every lease one full ttl. Not remembered: deals and its agent wake it.
final class MachineNode extends Node<MachineState, Machine.Change, Machine.Event> {
  private static final long LOOK_MILLIS = 5_000;
  private static final long LOST_SECONDS = 5;
  private static final long TTL_SECONDS = 15;

  final MachineId id;
  private @Nullable Link link;
  private @Nullable Hello hello;
  private long highestSession;
  private long heardAt;
  private final Set<DealId> toBeKilled = new HashSet<>();
  private final Set<DealId> freeWhenKilled = new HashSet<>();
  private boolean draining;
  /// Leases that the agent did not speak of when it came, and since when.
  private final Map<DealId, Long> unseen = new HashMap<>();

  MachineNode(World world, MachineId id) {
    super(world, "machine" + (world.machines.size() + 1), new MachineState.Unlisted(id));
    this.id = id;
    world.trace.name(id.machine(), name);
  }

  /// The slices set aside, by deal.
  Map<DealId, MachineState.Slice> leases() {
    var known = state().known();
    return known.isEmpty() ? Map.of() : known.getFirst().leases();
  }

  @Override void onMessage(Machine.Change command) {
    if (command instanceof Machine.Free free && free.kill() && attached() && leases().containsKey(free.deal())) {
      freeWhenKilled.add(free.deal());
      kill(free.deal());
    } else {
      decide(command);
    }
  }

  private void kill(DealId deal) {
    var lease = leases().get(deal);
    long epoch = lease == null ? Long.MAX_VALUE : lease.lease().epoch();
    send(new AgentSession.Kill(deal, epoch), agent -> agent.kill(deal, epoch));
  }

  @Override void answer(Machine.Change command, Decision<Machine.Event> decision) {
    switch (command) {
      case Machine.Reserve reserve -> {
        if (decision instanceof Decision.Reject<Machine.Event>(var why)) {
          world.tell(reserve.deal(), new Deal.LeaseRefused(why));
        } else {
          askForSignature(reserve.deal(), reserve.offer());
        }
      }
      case Machine.Free free -> {
        send(new AgentSession.Forget(free.deal()), agent -> agent.forget(free.deal()));
        world.tell(free.deal(), new Deal.SliceFreed());
      }
      default -> {
      }
    }
  }

  private void askForSignature(DealId deal, Signed<JobOffer> offer) {
    var slice = leases().get(deal);
    if (slice == null || !attached() || !toBeKilled.isEmpty()) {
      world.tell(deal, new Deal.LeaseRefused(new Rejection.MachineUnavailable(name, "its agent is not there")));
    } else if (world.sabotaged(Sabotage.LEASE_IS_FORGED)) {
      world.tell(deal, new Deal.LeaseGranted(world.forge(id.provider(), slice.lease())));
    } else {
      send(new AgentSession.SignLease(offer, slice.lease()), agent -> agent.signLease(offer, slice.lease()));
    }
  }

  void leaseSigned(Signed<Lease> lease) {
    var deal = lease.word().deal();
    var slice = leases().get(deal);
    if (slice != null) {
      world.tell(deal, slice.lease().equals(lease.word())
          ? new Deal.LeaseGranted(lease)
          : new Deal.LeaseRefused(new Rejection.AgentRefused("signed something else")));
    }
  }

  void leaseDeclined(DealId deal, String reason) {
    if (leases().containsKey(deal)) {
      world.tell(deal, new Deal.LeaseRefused(new Rejection.AgentRefused(reason)));
    }
  }

  /// An order to run: handed on only while the slice is the deal's, under the same lease, and is not being taken back.
  void run(Machine.Run run) {
    if (!arrives()) {
      return;
    }
    var slice = leases().get(run.deal());
    boolean valid = slice != null && slice.lease().equals(run.lease().word())
        && !freeWhenKilled.contains(run.deal());
    if (attached() && toBeKilled.isEmpty() && (valid || world.sabotaged(Sabotage.RUN_IS_NOT_FENCED))) {
      send(new AgentSession.Run(run.deal(), run.offer(), run.lease()),
          agent -> agent.run(run.deal(), run.offer(), run.lease()));
    }
  }

  void runTaken(DealId deal) {
    unseen.remove(deal);
    world.tell(deal, new Deal.RunAcknowledged());
  }

  void attach(Link session, Hello said) {
    if (session.number <= highestSession) {
      session.toAgent(new AgentSession.Close("a younger session is there"), agent -> agent.closed(session));
      return;
    }
    detach();
    highestSession = session.number;
    link = session;
    hello = said;
    heardAt = world.clock.seconds();
    reconcile(said);
    enlistWhenClean();
  }

  private void reconcile(Hello said) {
    var keep = said.running().stream().filter(this::holds).map(Running::deal).toList();
    var kill = said.running().stream().filter(running -> !holds(running)).map(Running::deal).toList();
    if (!world.sabotaged(Sabotage.SELLS_BEFORE_KILLS)) {
      toBeKilled.addAll(kill);
      send(new AgentSession.Reconcile(said.running().size(), keep, kill), agent -> agent.reconcile(kill));
    } else {
      send(new AgentSession.Reconcile(said.running().size(), keep, List.of()), agent -> agent.reconcile(List.of()));
    }
    leases().keySet().forEach(deal -> unseen.put(deal, heardAt));
    said.running().forEach(running -> unseen.remove(running.deal()));
    unseen.keySet().forEach(deal -> world.tell(deal, new Deal.RunForgotten(leases().get(deal).lease().epoch())));
  }

  private boolean holds(Running running) {
    var slice = leases().get(running.deal());
    return slice != null && slice.lease().epoch() == running.epoch();
  }

  void killed(Link session, DealId deal) {
    if (session != link) {
      return;
    }
    toBeKilled.remove(deal);
    if (freeWhenKilled.remove(deal)) {
      decide(new Machine.Free(deal, true, Refs.DEAL));
    }
    enlistWhenClean();
  }

  /// The owner drains the machine, or sells it again.
  void declare(Link session, Hello said, boolean drained) {
    if (session == link && attached()) {
      draining = drained;
      hello = said;
      enlistWhenClean();
    }
  }

  private void enlistWhenClean() {
    var said = hello;
    if (said != null && attached() && draining) {
      decide(new Machine.Delist(Machine.Why.DRAINED));
      return;
    }
    if (said != null && toBeKilled.isEmpty() && attached()) {
      hello = null;
      decide(new Machine.Enlist(said));
      look();
    }
  }

  /// Looks after the session every few seconds, while there is something to look after.
  private void look() {
    long now = world.clock.seconds();
    if (attached()) {
      heardAt = now;
    } else if (now > heardAt + LOST_SECONDS) {
      lost();
    }
    for (var lease : List.copyOf(leases().entrySet())) {
      boolean silent = now > heardAt + TTL_SECONDS;
      boolean missing = attached() && now > unseen.getOrDefault(lease.getKey(), now) + TTL_SECONDS;
      if (silent || missing) {
        world.tell(lease.getKey(), new Deal.ProviderSilent(lease.getValue().lease().epoch()));
      }
    }
  }

  private void lost() {
    if (link != null) {
      detach();
    }
    if (state() instanceof MachineState.Open) {
      decide(new Machine.Delist(Machine.Why.AGENT_LOST));
    }
    if (world.sabotaged(Sabotage.MACHINE_FREES_ON_ITS_OWN)) {
      List.copyOf(leases().keySet()).forEach(deal -> decide(new Machine.Free(deal, true, Refs.DEAL)));
    }
  }

  private void detach() {
    var session = link;
    if (session != null) {
      session.breakNow();
    }
    link = null;
    hello = null;
    draining = false;
    toBeKilled.clear();
    freeWhenKilled.clear();
    unseen.clear();
  }

  private boolean attached() {
    var session = link;
    return session != null && session.up();
  }

  private void send(Object what, Consumer<Agent> delivery) {
    var session = link;
    if (session != null) {
      session.toAgent(what, delivery);
    }
  }

  @Override void perform(Effect effect) {
    switch ((MachineEffect) effect) {
      case MachineEffect.ListOnBook list -> world.markets.forEach(
          market -> world.network.send("market", list, () -> market.list(id, list)));
      case MachineEffect.TakeOffBook off -> world.markets.forEach(
          market -> world.network.send("market", off, () -> market.takeOff(off)));
      case MachineEffect.RefuseLease(var deal, var why) -> world.tell(deal, new Deal.LeaseRefused(why));
    }
  }

  @Override void recovered() {
    heardAt = world.clock.seconds();
    watch();
  }

  private void watch() {
    inThisLife(LOOK_MILLIS, "looks", () -> {
      look();
      watch();
    });
  }

  @Override void forgotten() {
    detach();
    highestSession = 0;
  }

  @Override Machine.Change tick() {
    return new Machine.Tick();
  }

  @Override boolean remembered() {
    return false;
  }
}
