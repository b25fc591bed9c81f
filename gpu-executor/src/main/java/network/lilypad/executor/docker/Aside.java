package network.lilypad.executor.docker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import network.lilypad.protocol.value.DealId;

/// Short calls to the engine that no result waits for, each on a thread of its own: a run that has ended has two.
/// Thread-safe.
final class Aside {
  /// A removal takes milliseconds, on a busy machine a second; an engine that hangs is not waited for.
  private static final Duration SETTLE_MAX = Duration.ofSeconds(10);

  private final Map<DealId, Integer> going = new HashMap<>();

  /// Does what concerns a deal.
  Executor of(DealId deal) {
    return call -> {
      begun(deal);
      Thread.ofPlatform().daemon().name("docker-aside").start(() -> {
        try {
          call.run();
        } finally {
          done(deal);
        }
      });
    };
  }

  private synchronized void begun(DealId deal) {
    going.merge(deal, 1, Integer::sum);
  }

  private synchronized void done(DealId deal) {
    going.computeIfPresent(deal, (_, calls) -> calls == 1 ? null : calls - 1);
    notifyAll();
  }

  /// Waits until nothing is going on.
  ///
  /// @return false if something still is, after all the patience there is
  synchronized boolean settle() {
    return settle(going::isEmpty);
  }

  /// Waits until nothing is going on of a deal.
  ///
  /// @return false if something still is, after all the patience there is
  synchronized boolean settle(DealId deal) {
    return settle(() -> !going.containsKey(deal));
  }

  private synchronized boolean settle(BooleanSupplier settled) {
    long end = System.nanoTime() + SETTLE_MAX.toNanos();
    try {
      for (long left = SETTLE_MAX.toNanos(); !settled.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return settled.getAsBoolean();
  }
}
