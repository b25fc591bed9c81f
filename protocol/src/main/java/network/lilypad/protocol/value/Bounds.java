package network.lilypad.protocol.value;

/// Bounds checks whose messages name subject, value and expectation.
final class Bounds {
  /// The largest `uint40`: ledger seconds fit until the year 36812.
  static final long MAX_UINT40 = (1L << 40) - 1;

  private Bounds() {}

  static void check(String subject, long value, long min, long max) {
    if (value < min || value > max) {
      throw new InvalidValueException(subject, Long.toString(value), min + " to " + max);
    }
  }
}
