package network.lilypad.executor;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How often a run is tried again when the machine failed it: each pause is twice the one before, up to a bound, and
/// shortened by chance to between half and all of it, so that runs which failed together do not come back together.
///
/// @param attempts how often a run is tried in all, 1 or more
/// @param first the first pause at most
/// @param longest the longest pause
/// @param random the chance
public record RetryPolicy(int attempts, Duration first, Duration longest, RandomGenerator random) {
  /// Four attempts within a quarter of a minute: an engine's restart is survived, a dead engine is admitted in time for
  /// the next provider.
  public static RetryPolicy of(RandomGenerator random) {
    return new RetryPolicy(4, Duration.ofSeconds(2), Duration.ofSeconds(30), random);
  }

  /// The same pauses with another number of attempts.
  public RetryPolicy withAttempts(int other) {
    return new RetryPolicy(other, first, longest, random);
  }

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if there is no attempt or no pause
  public RetryPolicy {
    if (attempts < 1 || !first.isPositive() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "retry: " + attempts + ", " + first + ", " + longest + " (expected: >= 1, > 0, >= first)");
    }
  }

  /// The pause after so many failed attempts; empty when there is no further one.
  Optional<Duration> pause(int failed) {
    if (failed >= attempts) {
      return Optional.empty();
    }
    long millis = first.toMillis();
    for (int i = 1; i < failed && millis < longest.toMillis(); i++) {
      millis *= 2;
    }
    millis = Math.max(2, Math.min(millis, longest.toMillis()));
    return Optional.of(Duration.ofMillis(millis - random.nextLong(millis / 2)));
  }
}
