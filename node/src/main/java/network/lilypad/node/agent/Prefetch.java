package network.lilypad.node.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.protocol.value.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Images that a machine's owner wants to be here before a job asks for them: fetched one after the other when the
/// engine appears, tried again while that fails, and looked for again every day, since engines forget what is pruned.
/// Thread-safe.
final class Prefetch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prefetch.class);

  private final List<String> images;
  private final Pace pace;
  /// The machine's line is for jobs first: one image at a time.
  private final Semaphore line = new Semaphore(1);
  /// What makes each image's thread look at once; guarded by this, like the threads.
  private final Map<String, Semaphore> calls = new HashMap<>();
  private final Map<String, Thread> threads = new HashMap<>();

  /// When an image is tried again.
  ///
  /// @param first after a failure, twice as long after each further one
  /// @param tries in a row at most, 1 or more
  /// @param again after that, after a registry's refusal, and after a success
  record Pace(Duration first, int tries, Duration again) {
    /// Eight tries in an hour: an outage is sat out, a name that is wrong costs a line of the log a day.
    static final Pace USUAL = new Pace(Duration.ofSeconds(30), 8, Duration.ofDays(1));

    Duration pause(int failed) {
      return failed == 0 || failed >= tries ? again : first.multipliedBy(1L << (failed - 1));
    }
  }

  Prefetch(List<String> images, Pace pace) {
    this.images = images;
    this.pace = pace;
  }

  /// An engine works now, perhaps again. Returns at once.
  synchronized void appeared(Executor engine) {
    if (engine.engine() != Engine.DOCKER) {
      return;
    }
    for (var image : images) {
      var call = calls.computeIfAbsent(image, _ -> new Semaphore(0));
      if (threads.containsKey(image)) {
        call.release();
      } else {
        threads.put(image, Thread.ofVirtual().name("prefetch").start(() -> keep(engine, image, call)));
      }
    }
  }

  private void keep(Executor engine, String image, Semaphore call) {
    try {
      int failed = 0;
      while (true) {
        failed = fetch(engine, image, failed);
        if (call.tryAcquire(pace.pause(failed).toMillis(), TimeUnit.MILLISECONDS)) {
          int _ = call.drainPermits();
          failed = 0;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return how often it has failed in a row
  private int fetch(Executor engine, String image, int failed) throws InterruptedException {
    line.acquire();
    try {
      engine.prefetch(image);
      LOG.info("image {} is here, as prefetch-images wants it", image);
      return 0;
    } catch (ExecutorUnavailableException e) {
      int now = e.lasting() ? pace.tries() : failed + 1;
      LOG.warn("image {} cannot be fetched ahead, next try in {}: {}", image, pace.pause(now), e.getMessage());
      return now;
    } finally {
      line.release();
    }
  }

  @Override public synchronized void close() {
    threads.values().forEach(Thread::interrupt);
  }
}
