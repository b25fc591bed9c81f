package network.lilypad.protocol.entity;

import java.util.List;
import java.util.OptionalLong;

/// A pure state machine: one phase of one entity. No clock, no randomness, no IO; the shell around it persists,
/// tells and replies, and a simulation runs it without an actor system.
///
/// @param <S> the sealed type of all phases
/// @param <C> commands
/// @param <E> events
public interface EntityState<S extends EntityState<S, C, E>, C, E> {
  /// Decides a command without touching anything.
  ///
  /// @param now seconds of ledger time
  Decision<E> decide(C command, long now);

  /// The state after an event. An event that cannot have happened is corruption and a
  /// [network.lilypad.protocol.Defect].
  S apply(E event);

  /// What the world still owes this entity: told after every event as the difference to before, and all of it again
  /// after a restart and on a timer, until the answers have moved the state on or [#settledBy] says they have come.
  List<Effect> outstanding();

  /// The next ledger second at which this state wants to decide a tick by itself; empty when only others move it.
  OptionalLong wakeAt();

  /// Whether nothing can follow: the entity leaves memory as soon as nothing is outstanding.
  boolean terminal();

  /// The outstanding effect that a command is the answer to, if it is one that leaves no event. Kept in memory only:
  /// after a restart the effect is told again and answered again.
  default List<Effect> settledBy(C command) {
    return List.of();
  }
}
