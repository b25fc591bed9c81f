package network.lilypad.actors.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.entity.EntityState;

/// What a shell owes its state machine: a journal, a memory that a crash takes, and telling the world at least once.
///
/// After events it tells outstanding(after) minus outstanding(before); after a restart and on a timer (1 s, doubling to
/// 60 s) all that is outstanding and not settled; at wakeAt, and by the same steps from then on while nothing changes,
/// it decides a tick; it leaves memory when the state is terminal and nothing is outstanding.
abstract class Node<S extends EntityState<S, C, E>, C, E> {
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LAST_RETRY_MILLIS = 60_000;
  private static final long PASSIVATE_MILLIS = 2_000;
  private static final int LONGEST_DOWN_MILLIS = 8_000;

  final World world;
  final String name;
  private final S empty;
  private final List<E> journal = new ArrayList<>();
  private S state;
  private final Set<Effect> settled = new HashSet<>();
  private boolean awake;
  private long downUntil;
  private int incarnation;
  private int retryTimer;
  private long retryMillis;
  private boolean retryArmed;
  private int wakeTimer;
  private OptionalLong wakeArmed = OptionalLong.empty();
  private long wakeMillis;

  Node(World world, String name, S empty) {
    this.world = world;
    this.name = name;
    this.empty = empty;
    this.state = empty;
  }

  /// What those who asked are told.
  abstract void answer(C command, Decision<E> decision);

  /// Tells the world.
  abstract void perform(Effect effect);

  abstract C tick();

  /// Whether it comes back by itself after a crash: a remembered entity.
  abstract boolean remembered();

  /// It has come back to memory.
  void recovered() {}

  /// Its memory is gone.
  void forgotten() {}

  final S state() {
    return state;
  }

  final List<E> journal() {
    return journal;
  }

  final boolean known() {
    return !journal.isEmpty();
  }

  final boolean awake() {
    return awake;
  }

  final int incarnation() {
    return incarnation;
  }

  /// What is owed to the world and not answered.
  final List<Effect> pending() {
    var pending = new ArrayList<>(state.outstanding());
    pending.removeAll(settled);
    return pending;
  }

  /// A message arrives; it is lost while the entity's node is down, and wakes an entity that sleeps.
  final void tell(C command) {
    if (arrives()) {
      onMessage(command);
    }
  }

  final boolean arrives() {
    if (world.clock.millis() < downUntil) {
      return false;
    }
    wake();
    return true;
  }

  void onMessage(C command) {
    decide(command);
  }

  final Decision<E> decide(C command) {
    S before = state;
    settled.addAll(before.settledBy(command));
    var decision = before.decide(command, world.clock.seconds());
    boolean told = switch (decision) {
      case Decision.Persist(var events) -> persist(before, events);
      case Decision.Proceed(var effects) -> {
        effects.forEach(this::perform);
        yield true;
      }
      case Decision.AlreadyDone() -> true;
      case Decision.Reject(_) -> true;
    };
    if (told) {
      answer(command, decision);
      arm();
    }
    return decision;
  }

  private boolean persist(S before, List<E> events) {
    boolean crashes = world.stormy() && world.chance(world.faults.crash());
    if (crashes && world.random.nextBoolean()) {
      crash();
      return false;
    }
    for (E event : events) {
      journal.add(event);
      state = state.apply(event);
    }
    world.changed();
    world.trace.add(world.clock.millis(), name, events.getLast());
    replays();
    if (crashes) {
      crash();
      return false;
    }
    var fresh = pending();
    fresh.removeAll(before.outstanding());
    fresh.forEach(this::perform);
    if (!fresh.isEmpty()) {
      retryArmed = false;
    }
    return true;
  }

  /// I6: the journal read again gives the same state.
  final void replays() {
    S replayed = empty;
    for (E event : journal) {
      replayed = replayed.apply(event);
    }
    Violation.unless(replayed.equals(state),
        "I6 " + name + ": replay gives " + replayed + " (expected: " + state + ")");
  }

  final void wake() {
    if (awake) {
      return;
    }
    awake = true;
    incarnation++;
    settled.clear();
    retryArmed = false;
    wakeArmed = OptionalLong.empty();
    replays();
    if (!world.sabotaged(Sabotage.RESTART_TELLS_NOBODY)) {
      state.outstanding().forEach(this::perform);
    } else {
      settled.addAll(state.outstanding());
    }
    arm();
    recovered();
  }

  /// The node it lives on is killed.
  final void crash() {
    if (!awake) {
      return;
    }
    sleep();
    long down = 100L + world.random.nextInt(LONGEST_DOWN_MILLIS);
    downUntil = world.clock.millis() + down;
    world.trace.add(world.clock.millis(), name, "crashes");
    if (remembered() && known()) {
      world.clock.after(down, name, "restarts", this::wake);
    }
  }

  private void sleep() {
    awake = false;
    incarnation++;
    settled.clear();
    forgotten();
  }

  private void arm() {
    armRetry();
    armWake();
    if (state.terminal() && pending().isEmpty()) {
      inThisLife(PASSIVATE_MILLIS, "may rest", () -> {
        if (state.terminal() && pending().isEmpty()) {
          sleep();
        }
      });
    }
  }

  private void armRetry() {
    if (!retryArmed && !pending().isEmpty()) {
      retryArmed = true;
      retryMillis = FIRST_RETRY_MILLIS;
      planRetry(++retryTimer);
    }
  }

  private void planRetry(int timer) {
    inThisLife(retryMillis, "retries", () -> {
      if (timer != retryTimer) {
        return;
      }
      var pending = pending();
      pending.forEach(this::perform);
      retryMillis = Math.min(LAST_RETRY_MILLIS, 2 * retryMillis);
      retryArmed = !pending.isEmpty();
      if (retryArmed) {
        planRetry(timer);
      }
    });
  }

  private void armWake() {
    var wakeAt = state.wakeAt();
    if (!wakeAt.equals(wakeArmed)) {
      wakeArmed = wakeAt;
      wakeMillis = FIRST_RETRY_MILLIS;
      int timer = ++wakeTimer;
      wakeAt.ifPresent(at -> planWake(at * 1000 - world.clock.millis(), timer));
    }
  }

  private void planWake(long delay, int timer) {
    inThisLife(delay, "wakes", () -> {
      if (timer != wakeTimer) {
        return;
      }
      decide(tick());
      if (timer == wakeTimer) {
        planWake(wakeMillis, timer);
        wakeMillis = Math.min(LAST_RETRY_MILLIS, 2 * wakeMillis);
      }
    });
  }

  final void inThisLife(long millis, String what, Runnable work) {
    int born = incarnation;
    world.clock.after(millis, name, what, () -> {
      if (awake && born == incarnation) {
        work.run();
      }
    });
  }
}
