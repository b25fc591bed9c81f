package network.lilypad.actors.machine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.machine.Machine.Change;
import network.lilypad.actors.machine.Machine.Command;
import network.lilypad.actors.machine.Machine.Event;
import network.lilypad.actors.machine.MachineState.Slice;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.DecidingEntity;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Home;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Resources;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.Effect;

/// One machine, event sourced and sharded by [MachineId]: its journaled life is [MachineState], its agent's presence
/// [Presence]. Not remembered: its agent's session and its deals wake it.
public final class MachineEntity extends DecidingEntity<Command, Change, Event, MachineState> {
  /// The tag of events that put a machine on the book.
  public static final String LISTED = "machine-listed";
  /// The tag of events that take a machine off the book.
  public static final String DELISTED = "machine-delisted";
  /// How often the agent's presence is looked at.
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final MachineId id;
  private final Neighbours neighbours;
  private final Presence presence;
  private final Map<DealId, ActorRef<Deal.Command>> signing = new HashMap<>();
  private final Map<DealId, ActorRef<Deal.Command>> starting = new HashMap<>();
  private final Map<DealId, ActorRef<Deal.Command>> stopping = new HashMap<>();

  private MachineEntity(MachineId id, Home<Command> home, Neighbours neighbours) {
    super(PersistenceId.of(Machine.KEY.name(), id.toString()), home, new Machine.Tick());
    this.id = id;
    this.neighbours = neighbours;
    this.presence = new Presence(home.clock().instant().getEpochSecond());
    home.timers().startTimerWithFixedDelay("look", new Machine.Look(), LOOK_EVERY);
  }

  /// A machine's behavior.
  ///
  /// @param entity its place in the cluster; the entity id is the [MachineId]
  /// @param neighbours who it talks to
  /// @param clock ledger time
  /// @param random jitter
  public static Behavior<Command> create(EntityContext<Command> entity, Neighbours neighbours, InstantSource clock,
      RandomGenerator random) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MachineEntity(
        MachineId.parse(entity.getEntityId()), new Home<>(context, timers, entity.getShard(), clock, random),
        neighbours)));
  }

  @Override public MachineState emptyState() {
    return new MachineState.Unlisted(id);
  }

  @Override public Set<String> tagsFor(Event event) {
    return switch (event) {
      case Machine.Listed _ -> Set.of(LISTED);
      case Machine.Delisted _ -> Set.of(DELISTED);
      case Machine.Reserved _,Machine.Freed _ -> Set.of();
    };
  }

  @Override protected Effect<Event, MachineState> obey(MachineState state, Command command) {
    return switch (command) {
      case Machine.Attach(var session, var hello) -> declare(state, session, hello, false);
      case Machine.Declare(var session, var hello, var draining) -> declare(state, session, hello, draining);
      case Machine.Beat(var session) -> Effect().none().thenRun(() -> beat(session));
      case Machine.Detached(var session) -> presence.isFrom(session) ? lose(state) : Effect().none();
      case Machine.Killed(var session, var deal) -> presence.isFrom(session) ? killed(state, deal) : Effect().none();
      case Machine.LeaseSigned signed -> Effect().none().thenRun(same -> leaseSigned(same, signed));
      case Machine.LeaseDeclined(var deal, var reason) -> Effect().none().thenRun(
          () -> reply(signing, deal, new Deal.LeaseRefused(new Rejection.AgentRefused(reason))));
      case Machine.RunTaken(var deal) -> Effect().none().thenRun(
          () -> reply(starting, deal, new Deal.RunAcknowledged()));
      case Machine.Run run -> Effect().none().thenRun(same -> run(same, run));
      case Machine.Look _ -> look(state);
      case Machine.Get(var replyTo) -> Effect().none().thenRun(same -> replyTo.tell(view(same)));
      case Machine.Rest _ -> Effect().none().thenRun(this::restIfQuiet);
      case Machine.Reserve reserve ->
        presence.readyToList().isPresent() ? decide(state, reserve) : absent(reserve.replyTo());
      case Machine.Free free -> free(state, free);
      case Change change -> decide(state, change);
    };
  }

  private Effect<Event, MachineState> declare(MachineState state, AgentSession.Handle session, Machine.Hello hello,
      boolean draining) {
    if (!presence.isFrom(session.number())) {
      return attach(state, session, hello, draining);
    }
    presence.declare(hello, draining);
    return enlist(state);
  }

  private Effect<Event, MachineState> attach(MachineState state, AgentSession.Handle session, Machine.Hello hello,
      boolean draining) {
    if (!presence.mayAttach(session)) {
      session.ref().tell(new AgentSession.Close("a younger session of this machine is open"));
      return Effect().none();
    }
    presence.attach(session, hello).ifPresent(
        replaced -> replaced.ref().tell(new AgentSession.Close("a younger session of this machine has opened")));
    presence.declare(hello, draining);
    var leases = leases(state);
    presence.tell(presence.reconcile(leases));
    leases.forEach((deal, slice) -> {
      if (hello.running().stream().noneMatch(running -> running.deal().equals(deal))) {
        neighbours.deal(deal).tell(new Deal.RunForgotten(slice.lease().epoch()));
      }
    });
    return enlist(state);
  }

  private void beat(AgentSession.Handle session) {
    if (presence.isFrom(session.number())) {
      presence.heard();
    } else if (presence.mayAttach(session)) {
      session.ref().tell(new AgentSession.Introduce());
    }
  }

  private Effect<Event, MachineState> enlist(MachineState state) {
    if (presence.draining()) {
      return decide(state, new Machine.Delist(Machine.Why.DRAINED));
    }
    return presence.readyToList().map(hello -> decide(state, new Machine.Enlist(hello))).orElseGet(Effect()::none);
  }

  private Effect<Event, MachineState> killed(MachineState state, DealId deal) {
    presence.killed(deal);
    var waiting = Optional.ofNullable(stopping.remove(deal));
    return waiting.<Effect<Event, MachineState>>map(
        replyTo -> decide(state, new Machine.Free(deal, false, replyTo))).orElseGet(() -> enlist(state));
  }

  /// A slice that may still be running on an agent that is there is freed when the agent has stopped it. An agent that
  /// is gone is told at its next session, before the machine is listed.
  private Effect<Event, MachineState> free(MachineState state, Machine.Free free) {
    var slice = Optional.ofNullable(leases(state).get(free.deal()));
    if (free.kill() && presence.attached() && slice.isPresent()) {
      stopping.put(free.deal(), free.replyTo());
      presence.tell(new AgentSession.Kill(free.deal(), slice.get().lease().epoch()));
      return Effect().none();
    }
    return decide(state, free);
  }

  private Effect<Event, MachineState> absent(ActorRef<Deal.Command> deal) {
    return Effect().none().thenRun(() -> deal.tell(
        new Deal.LeaseRefused(new Rejection.MachineUnavailable(id.toString(),
            "its agent is not connected, or still stopping what it has no lease for"))));
  }

  private Effect<Event, MachineState> lose(MachineState state) {
    presence.detach();
    signing.clear();
    starting.clear();
    return decide(state, new Machine.Delist(Machine.Why.AGENT_LOST));
  }

  private Effect<Event, MachineState> look(MachineState state) {
    presence.look(now());
    if (presence.lost()) {
      presence.tell(new AgentSession.Close("nothing heard for " + Presence.LOST_AFTER_SECONDS + " s"));
      return lose(state);
    }
    if (presence.attached()) {
      return Effect().none();
    }
    leases(state).forEach((deal, slice) -> {
      if (presence.silentSeconds() >= slice.lease().ttlSeconds()) {
        neighbours.deal(deal).tell(new Deal.ProviderSilent(slice.lease().epoch()));
      }
    });
    return state instanceof MachineState.Open && presence.silentSeconds() > MachineRules.TTL_SECONDS
        ? lose(state)
        : Effect().none();
  }

  /// An agent runs only what this machine has a lease for and is not stopping.
  private void run(MachineState state, Machine.Run run) {
    boolean held = Optional.ofNullable(leases(state).get(run.deal())).stream()
        .anyMatch(slice -> slice.lease().equals(run.lease().word()));
    if (held && !stopping.containsKey(run.deal())) {
      starting.put(run.deal(), run.replyTo());
      presence.tell(new AgentSession.Run(run.deal(), run.offer(), run.lease()));
    }
  }

  private void leaseSigned(MachineState state, Machine.LeaseSigned signed) {
    var word = signed.lease().word();
    var slice = Optional.ofNullable(leases(state).get(word.deal()));
    boolean asked = slice.stream().anyMatch(known -> known.lease().equals(word));
    boolean ours = signed.lease().signer().equals(id.provider());
    if (asked && ours) {
      reply(signing, word.deal(), new Deal.LeaseGranted(signed.lease()));
    } else if (asked) {
      reply(signing, word.deal(), new Deal.LeaseRefused(
          new Rejection.NotAParty(signed.lease().signer().toString(), "the provider " + id.provider())));
    }
  }

  private static void reply(Map<DealId, ActorRef<Deal.Command>> waiting, DealId deal, Deal.Command answer) {
    Optional.ofNullable(waiting.remove(deal)).ifPresent(replyTo -> replyTo.tell(answer));
  }

  @Override protected void tell(network.lilypad.protocol.entity.Effect effect) {
    var self = home().context().getSelf();
    switch ((MachineEffect) effect) {
      case MachineEffect.ListOnBook(var offer, var digest, var attributes, var free, var held, var revision) ->
        neighbours.matchmaker(offer.word().market()).tell(
            new Matchmaker.ListMachine(offer, digest, attributes, free, held, revision, self));
      case MachineEffect.TakeOffBook(var machine, var market, var revision) ->
        neighbours.matchmaker(market).tell(new Matchmaker.TakeMachine(machine, revision, self));
      case MachineEffect.RefuseLease(var deal, var why) -> neighbours.deal(deal).tell(new Deal.LeaseRefused(why));
    }
  }

  @Override protected void answer(Change command, Decision<Event> decision, MachineState state) {
    switch (command) {
      case Machine.Reserve reserve -> reserved(reserve, decision, state);
      case Machine.Free(var deal, _, var replyTo) -> {
        presence.tell(new AgentSession.Forget(deal));
        replyTo.tell(new Deal.SliceFreed());
      }
      case Machine.Enlist _ -> {
        if (decision instanceof Decision.Reject<Event>(var why)) {
          presence.tell(new AgentSession.Close(why.message()));
        }
      }
      case Machine.Delist _,Machine.OnBook _,Machine.Tick _ -> {}
    }
  }

  private void reserved(Machine.Reserve reserve, Decision<Event> decision, MachineState state) {
    if (decision instanceof Decision.Reject<Event>(var why)) {
      reserve.replyTo().tell(new Deal.LeaseRefused(why));
      return;
    }
    Optional.ofNullable(leases(state).get(reserve.deal())).ifPresent(slice -> {
      signing.put(reserve.deal(), reserve.replyTo());
      presence.tell(new AgentSession.SignLease(reserve.offer(), slice.lease()));
    });
  }

  private static Map<DealId, Slice> leases(MachineState state) {
    return state.known().stream().findFirst().<Map<DealId, Slice>>map(MachineState.Facts::leases).orElse(Map.of());
  }

  private Machine.View view(MachineState state) {
    return state.known().stream().findFirst()
        .map(f -> new Machine.View(id, state.phase(), List.of(f.offer()), f.free(),
            List.copyOf(f.leases().keySet()), f.epoch()))
        .orElseGet(() -> new Machine.View(id, state.phase(), List.of(),
            Resources.NONE, List.of(), 0));
  }

  @Override protected boolean mayRest(MachineState state) {
    return !presence.attached() && leases(state).isEmpty();
  }

  @Override protected Command restWord() {
    return new Machine.Rest();
  }
}
