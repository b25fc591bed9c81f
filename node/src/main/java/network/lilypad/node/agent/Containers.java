package network.lilypad.node.agent;

import java.time.Duration;
import network.lilypad.executor.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The container engine of a machine, which may come and go while the agent runs. Thread-safe.
///
/// It is there with the first look that it answers, and gone only after [#MISSES_MAX] that it does not: an engine that
/// is restarted, or a machine that stands still for a moment, is no reason to change an offer.
final class Containers implements AutoCloseable {
  /// Who starts an engine waits no longer for jobs than for the engine. A look is one short call.
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  /// With a look that takes as long as it may, a quarter of a minute.
  static final int MISSES_MAX = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

  private final Executor executor;
  private final Runnable appeared;
  private final Thread watch = Thread.ofVirtual().name("container-engine").unstarted(this::watch);
  private int misses = MISSES_MAX;
  private volatile Executor.Probe last = new Executor.Probe(false, "");

  /// Looks once.
  ///
  /// @param executor whose engine it is
  /// @param appeared called whenever the engine has come, on the thread that saw it
  Containers(Executor executor, Runnable appeared) {
    this.executor = executor;
    this.appeared = appeared;
    look();
    if (!there()) {
      LOG.info("no containers here, as long as no engine answers: {}", last.version());
    }
  }

  /// Looks again and again from now on.
  Containers watched() {
    watch.start();
    return this;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        look();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Blocks as long as a probe does.
  synchronized void look() {
    boolean before = there();
    var probe = executor.probe();
    misses = probe.ready() ? 0 : Math.min(MISSES_MAX, misses + 1);
    last = misses == 0 || misses == MISSES_MAX ? probe : last;
    if (there() && !before) {
      LOG.info("containers can be run now: {}", probe.version());
      appeared.run();
    } else if (before && !there()) {
      LOG.warn("no containers are taken any more: {}", probe.version());
    }
  }

  /// Whether it answers, or did a moment ago.
  boolean there() {
    return last.ready();
  }

  /// What it says it is, or why it is not there.
  String version() {
    return last.version();
  }

  @Override public void close() {
    watch.interrupt();
  }
}
