package network.lilypad.chain;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before asking a silent ledger again: doubling from the shortest to the longest wait, each wait cut
/// by up to a fifth at random, so that many askers do not come back at once.
///
/// @param shortest wait after the first failure
/// @param longest wait however often it failed
/// @param random where the jitter comes from
public record Backoff(Duration shortest, Duration longest, RandomGenerator random) {
  private static final int MAX_DOUBLINGS = 30;
  private static final double JITTER = 0.2;

  /// @throws IllegalArgumentException if the shortest is not positive or above the longest
  public Backoff {
    if (!shortest.isPositive() || shortest.compareTo(longest) > 0) {
      throw new IllegalArgumentException("backoff: " + shortest + " to " + longest + " (expected: above 0, ascending)");
    }
  }

  /// @param failures in a row, at least one
  Duration after(int failures) {
    long factor = 1L << Math.min(failures - 1, MAX_DOUBLINGS);
    long millis = Math.min(longest.toMillis(), Math.multiplyExact(shortest.toMillis(), factor));
    return Duration.ofMillis(Math.max(1, Math.round(millis * (1 - JITTER * random.nextDouble()))));
  }
}
