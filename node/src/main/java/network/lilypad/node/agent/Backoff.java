package network.lilypad.node.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waiting times that double up to a bound, with jitter so that a thousand agents do not come back at once. For one
/// thread.
final class Backoff {
  /// Long enough not to hammer, short enough that a lease's time to live (15 s) bridges a gateway's restart.
  static final Duration FIRST = Duration.ofMillis(200);
  /// Nobody should wait longer for a gateway that is back.
  static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private Duration next = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// The next waiting time: between half and all of the present one.
  Duration next() {
    var current = next;
    var doubled = current.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return current.dividedBy(2).plusMillis(random.nextLong(current.toMillis() / 2 + 1));
  }

  /// It worked: begin from the start.
  void reset() {
    next = FIRST;
  }
}
