package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a run ten times a second: pulls its brake when its time is over or its outputs are above their bounds.
///
/// The kernel has no quota for a folder without the owner's preparation, so a program that writes fast is some tenths
/// of a second above its bound before it is dead; what it wrote too much is cut off then. A brake that was pulled is
/// pulled again and again until the run is over: an engine may have been away when it was asked.
final class Guard implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;
  /// A look at many files takes no more than a tenth of a core.
  private static final int LOOK_SHARE = 10;
  /// An end that was asked for takes the engine some tenths of a second; one that has not come then is asked for again.
  private static final long INSIST_NANOS = 1_000_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final Task task;
  private final Brake brake;
  private final Collection<Path> outputs;
  private final long end;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<Meter> meter = Optional.empty();
  private volatile Nameless nameless;
  private long insisted = System.nanoTime();

  private Guard(Task task, Brake brake, Duration left) {
    this.task = task;
    this.brake = brake;
    this.outputs = ContainerPlan.outputs(task).values();
    this.nameless = new Nameless(List::of, outputs);
    this.end = System.nanoTime() + left.toNanos();
  }

  /// @param left of the task's time
  static Guard start(Task task, Brake brake, Duration left) {
    var guard = new Guard(task, brake, left);
    Thread.ofVirtual().name("docker-guard").start(guard::watch);
    return guard;
  }

  /// Keeps the readings of a container, and looks at what its processes hold open, from now on.
  void measure(Meter readings, ControlGroup container) {
    meter = Optional.of(readings);
    nameless = new Nameless(container::processes, outputs);
  }

  private void watch() {
    try {
      for (long pause = LOOK_MILLIS * 1_000_000; !closed.await(Math.min(pause, left()), TimeUnit.NANOSECONDS);) {
        long begun = System.nanoTime();
        look();
        pause = Math.max(LOOK_MILLIS * 1_000_000, LOOK_SHARE * (System.nanoTime() - begun));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Once the time is over there is no hurry any more.
  private long left() {
    long left = end - System.nanoTime();
    return left > 0 ? left : LOOK_MILLIS * 1_000_000;
  }

  private void look() {
    meter.ifPresent(Meter::look);
    if (System.nanoTime() - end >= 0) {
      brake.pull(new Outcome.DeadlineExceeded(task.grant().time()));
    }
    if (System.nanoTime() - insisted >= INSIST_NANOS) {
      insisted = System.nanoTime();
      brake.insist();
    }
    try {
      above().ifPresent(brake::pull);
    } catch (IOException e) {
      LOG.debug("outputs of {}: {}", task.deal(), e.toString());
    }
  }

  /// What was let go between the two parts of a look would count together with what took its place: so it is looked
  /// twice.
  private Optional<Outcome> above() throws IOException {
    var sizes = nameless.look();
    var over = OutputTree.above(outputs, task.grant().output(), sizes);
    return over.isEmpty() || sizes.isEmpty() ? over
        : OutputTree.above(outputs, task.grant().output(), nameless.look());
  }

  @Override public void close() {
    closed.countDown();
  }
}
