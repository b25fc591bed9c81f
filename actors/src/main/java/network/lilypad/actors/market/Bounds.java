package network.lilypad.actors.market;

/// Bounds checks whose messages name subject, value and expectation.
final class Bounds {
  private Bounds() {}

  static void check(String subject, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(subject + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}
