package network.lilypad.protocol.entity;

import java.util.List;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

/// What a pure state machine answers to a command.
public sealed interface Decision<E> {
  /// The events that happen; persisted as one write, then the world is told.
  ///
  /// @param events at least one
  record Persist<E>(List<E> events) implements Decision<E> {
    /// @throws Defect if there is no event
    public Persist {
      Defect.unless(!events.isEmpty(), "persist: no events (expected: at least one)");
      events = List.copyOf(events);
    }
  }

  /// The command has been obeyed before; the answer is the same, nothing happens.
  record AlreadyDone<E>() implements Decision<E> {}

  /// The command is refused and leaves no trace.
  ///
  /// @param why the reason
  record Reject<E>(Rejection why) implements Decision<E> {}

  /// Nothing is worth remembering, but the world must be told something: the next step of a chain whose first step
  /// is derived from state, so that a crash only repeats it.
  ///
  /// @param effects what to tell
  record Proceed<E>(List<Effect> effects) implements Decision<E> {}

  /// Persists one event.
  static <E> Decision<E> persist(E event) {
    return new Persist<>(List.of(event));
  }

  /// Obeyed before.
  static <E> Decision<E> alreadyDone() {
    return new AlreadyDone<>();
  }

  /// Refused.
  static <E> Decision<E> reject(Rejection why) {
    return new Reject<>(why);
  }

  /// Goes on without remembering.
  static <E> Decision<E> proceed(Effect... effects) {
    return new Proceed<>(List.of(effects));
  }
}
