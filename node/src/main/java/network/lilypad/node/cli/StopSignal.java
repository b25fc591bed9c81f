package network.lilypad.node.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C for a process that ends in order: the signal lets [#await] return, and the process waits until [#close].
final class StopSignal implements AutoCloseable {
  /// An orderly end takes seconds; a process that hangs is worse than an abrupt one.
  private static final int STOP_SECONDS_MAX = 30;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
  }

  private void stop() {
    asked.countDown();
    try {
      if (!done.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        System.err.println("lilypad: did not stop in order within " + STOP_SECONDS_MAX + " s [stop-timeout]");
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
