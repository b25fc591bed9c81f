package network.lilypad.executor.docker;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Short calls to the engine that no result waits for, each on a thread of its own: a run that has ended has two. Thread-safe.
final class Aside implements Executor {
  /// A removal takes milliseconds, on a busy machine a second; an engine that hangs is not waited for.
  private static final Duration SETTLE_MAX = Duration.ofSeconds(10);

  private int going;

  @Override public void execute(Runnable call) {
    begun();
    Thread.ofPlatform().daemon().name("docker-aside").start(() -> {
      try {
        call.run();
      } finally {
        done();
      }
    });
  }

  private synchronized void begun() {
    going++;
  }

  private synchronized void done() {
    going--;
    notifyAll();
  }

  /// Waits until nothing is going on.
  ///
  /// @return false if something still is, after all the patience there is
  synchronized boolean settle() {
    long end = System.nanoTime() + SETTLE_MAX.toNanos();
    try {
      for (long left = SETTLE_MAX.toNanos(); going > 0 && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return going == 0;
  }
}
