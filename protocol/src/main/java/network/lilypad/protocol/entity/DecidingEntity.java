package network.lilypad.protocol.entity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/// The shell that event-sourced entities share: persists what the state machine decides, then tells the world.
///
/// After an event it tells `outstanding(after)` minus `outstanding(before)`; after a restart all of it; and on a timer
/// what no answer has settled yet, 1 s doubling to 60 s with jitter. It decides nothing itself. An entity that is
/// terminal with nothing owed leaves memory, and a remembered one is then forgotten: being remembered is the durable
/// mark that something is still owed.
///
/// @param <C> everything it can be told
/// @param <X> what the state machine decides
/// @param <E> events
/// @param <S> the state machine
public abstract class DecidingEntity<C, X extends C, E, S extends EntityState<S, X, E>>
    extends
      EventSourcedBehavior<C, E, S> {
  /// First and last delay between repeats of what is owed: an answer within one host takes milliseconds, a chain's
  /// seconds.
  static final Duration RETRY_MIN = Duration.ofSeconds(1);
  static final Duration RETRY_MAX = Duration.ofSeconds(60);
  /// How long an entity that owes nothing stays in memory for the next word.
  static final Duration REST_AFTER = Duration.ofSeconds(30);
  /// The longest timer: a scheduler takes no more than 248 days, and an early look at the clock costs nothing.
  private static final Duration LONGEST_NAP = Duration.ofDays(1);
  /// After a failed write: fast enough for one poisoned batch, slow enough for a database that restarts.
  private static final Duration PERSIST_BACKOFF_MIN = Duration.ofMillis(200);
  private static final Duration PERSIST_BACKOFF_MAX = Duration.ofSeconds(10);

  private static final String TICK = "tick";

  private final Home<C> home;
  private final X tick;
  private final Set<Effect> settled = new HashSet<>();
  private Duration retry = RETRY_MIN;
  private Instant retryAt = Instant.MAX;
  /// Looks at the clock since the last event: a deadline that is past and moves nothing is looked at ever less often.
  private int idleTicks;

  /// @param id type name and entity id
  /// @param home what it lives with
  /// @param tick the command that makes it look at the clock
  protected DecidingEntity(PersistenceId id, Home<C> home, X tick) {
    super(id, SupervisorStrategy.restartWithBackoff(PERSIST_BACKOFF_MIN, PERSIST_BACKOFF_MAX, 0.2));
    this.home = home;
    this.tick = tick;
  }

  /// Tells the world.
  protected abstract void tell(Effect effect);

  /// Answers whoever sent the command, after the decision is durable.
  protected abstract void answer(X command, Decision<E> decision, S state);

  /// Obeys a command: one the state machine decides by [#decide], any other by itself.
  protected abstract org.apache.pekko.persistence.typed.javadsl.Effect<E, S> obey(S state, C command);

  /// Told after every event, for those who watch.
  protected void changed(S before, S after) {}

  /// Told when the journal has been read.
  protected void recovered(S state) {}

  /// Whether the entity may leave memory although its story has not ended: somebody will wake it.
  protected abstract boolean mayRest(S state);

  @Override public final CommandHandler<C, E, S> commandHandler() {
    return this::obey;
  }

  /// Entities keep no snapshots, so nobody need be asked for one.
  @Override public final Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override public EventHandler<S, E> eventHandler() {
    return EntityState::apply;
  }

  @Override public final SignalHandler<S> signalHandler() {
    return newSignalHandlerBuilder().onSignal(RecoveryCompleted.instance(), this::onRecovered).build();
  }

  private void onRecovered(S state) {
    recovered(state);
    owed(state).forEach(this::tell);
    retryLater(state);
    schedule(state);
  }

  /// Has the state machine decide, and does what it decides.
  protected final org.apache.pekko.persistence.typed.javadsl.Effect<E, S> decide(S state, X command) {
    settled.addAll(state.settledBy(command));
    if (command.equals(tick)) {
      idleTicks++;
      repeatIfDue(state);
    }
    Decision<E> decision = state.decide(command, now());
    return switch (decision) {
      case Decision.Persist(var events) -> Effect().persist(events).thenRun(after -> {
        advanced(state, after);
        answer(command, decision, after);
      });
      case Decision.Proceed(var effects) -> Effect().none().thenRun(same -> {
        settled.removeAll(effects);
        effects.forEach(this::tell);
        answered(command, decision, same);
      });
      case Decision.AlreadyDone<E> _,Decision.Reject<E> _ ->
        Effect().none().thenRun(same -> answered(command, decision, same));
    };
  }

  private void answered(X command, Decision<E> decision, S state) {
    answer(command, decision, state);
    if (retryAt.equals(Instant.MAX)) {
      retryLater(state);
    }
    schedule(state);
  }

  private void advanced(S before, S after) {
    var known = before.outstanding();
    var owed = after.outstanding();
    settled.retainAll(owed);
    owed.stream().filter(effect -> !known.contains(effect)).forEach(this::tell);
    retry = RETRY_MIN;
    idleTicks = 0;
    retryLater(after);
    changed(before, after);
    schedule(after);
  }

  /// What is owed and not settled.
  private List<Effect> owed(S state) {
    var owed = new ArrayList<>(state.outstanding());
    owed.removeAll(settled);
    return owed;
  }

  private void repeatIfDue(S state) {
    if (!home.clock().instant().isBefore(retryAt)) {
      owed(state).forEach(this::tell);
      retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
      retryLater(state);
    }
  }

  private void retryLater(S state) {
    long jitter = home.random().nextLong(retry.toMillis() / 5 + 1);
    retryAt = owed(state).isEmpty() ? Instant.MAX : home.clock().instant().plus(retry).plusMillis(jitter);
  }

  /// Sets the clock for whatever comes first: a repeat, the state's own deadline, rest or the end.
  protected final void schedule(S state) {
    boolean quiet = owed(state).isEmpty();
    if (quiet && state.terminal() && mayRest(state)) {
      rest();
      return;
    }
    var next = quiet ? Instant.MAX : retryAt;
    var wake = state.wakeAt().isPresent() ? Instant.ofEpochSecond(state.wakeAt().getAsLong()) : Instant.MAX;
    next = next.isBefore(wake) ? next : wake;
    if (next.equals(Instant.MAX)) {
      home.timers().cancel(TICK);
    } else {
      home.timers().startSingleTimer(TICK, tick, delayUntil(next));
    }
    if (quiet && mayRest(state)) {
      home.context().setReceiveTimeout(REST_AFTER, restWord());
    } else {
      home.context().cancelReceiveTimeout();
    }
  }

  private Duration delayUntil(Instant when) {
    var delay = Duration.between(home.clock().instant(), when);
    if (delay.isNegative()) {
      return idleTicks == 0 ? Duration.ofMillis(1) : idlePause();
    }
    return delay.compareTo(LONGEST_NAP) < 0 ? delay.plusMillis(1) : LONGEST_NAP;
  }

  private Duration idlePause() {
    var pause = RETRY_MIN.multipliedBy(1L << Math.min(idleTicks - 1, 6));
    return pause.compareTo(RETRY_MAX) < 0 ? pause : RETRY_MAX;
  }

  /// The command that says that nobody has said anything for a while.
  protected abstract C restWord();

  /// Asks to leave memory if nothing is owed and nobody watches.
  protected final void restIfQuiet(S state) {
    if (owed(state).isEmpty() && mayRest(state)) {
      rest();
    }
  }

  private void rest() {
    home.timers().cancel(TICK);
    home.shard().tell(new ClusterSharding.Passivate<>(home.context().getSelf()));
  }

  /// Ledger seconds as this node knows them.
  protected final long now() {
    return home.clock().instant().getEpochSecond();
  }

  /// What it lives with.
  protected final Home<C> home() {
    return home;
  }
}
