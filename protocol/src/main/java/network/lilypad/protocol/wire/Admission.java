package network.lilypad.protocol.wire;

import java.util.function.Supplier;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.InvalidValueException;

/// What became of something from outside: a value that may be relied on, or the reason it was turned away.
///
/// @param <T> the value
public sealed interface Admission<T> {
  /// It is what it claims to be.
  ///
  /// @param value the value
  record Admitted<T>(T value) implements Admission<T> {}

  /// It is not.
  ///
  /// @param why the reason
  record Refused<T>(Rejection why) implements Admission<T> {}

  /// Reads a message from outside: a value out of bounds becomes [Rejection.Malformed].
  ///
  /// @param reader a reader of this package, such as [ValuesWire#resources]
  static <T> Admission<T> reading(Supplier<T> reader) {
    try {
      return new Admitted<>(reader.get());
    } catch (InvalidValueException e) {
      return refused(new Rejection.Malformed(e.subject(), e.value(), e.expectation()));
    }
  }

  /// Turns it away.
  static <T> Admission<T> refused(Rejection why) {
    return new Refused<>(why);
  }
}
