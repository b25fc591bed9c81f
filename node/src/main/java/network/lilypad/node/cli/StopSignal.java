package network.lilypad.node.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C for a process that ends in order: the signal lets [#await] return, and the process waits until [#close].
final class StopSignal implements AutoCloseable {
  /// An orderly end takes seconds beyond the grace: five for calls in flight, at most twenty for the actors. A process
  /// that hangs is worse than an abrupt one.
  private static final Duration ORDER_MAX = Duration.ofSeconds(30);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private final Duration max;

  /// @param grace how long what runs may go on after the signal
  StopSignal(Duration grace) {
    this.max = grace.plus(ORDER_MAX);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
  }

  private void stop() {
    asked.countDown();
    try {
      if (!done.await(max.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("lilypad: did not stop in order within " + max.toSeconds()
            + " s [stop-timeout]; what was running goes on with the next start");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets [#await] return without Ctrl-C.
  void ask() {
    asked.countDown();
  }

  /// Waits for Ctrl-C.
  void await() throws InterruptedException {
    asked.await();
  }

  /// Everything has been stopped.
  @Override public void close() {
    done.countDown();
  }
}
