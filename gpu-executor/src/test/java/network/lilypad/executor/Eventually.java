package network.lilypad.executor;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Facts that come in their own time: a machine that is shared stands for seconds.
public final class Eventually {
  private static final Duration MAX = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = 50_000_000;

  private Eventually() {}

  /// Looks again and again until what is seen is as wanted, or for two minutes.
  ///
  /// @return what was seen last
  public static <T> T eventually(Supplier<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + MAX.toNanos();
    var seen = look.get();
    while (!wanted.test(seen) && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
      seen = look.get();
    }
    return seen;
  }
}
