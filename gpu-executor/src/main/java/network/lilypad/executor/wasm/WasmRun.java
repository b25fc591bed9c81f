package network.lilypad.executor.wasm;

import com.dylibso.chicory.wasm.MalformedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import network.lilypad.executor.Execution;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Sha256;
import org.jspecify.annotations.Nullable;

/// One guest, on a platform thread of its own: a guest computes without ever waiting, and on a virtual thread it would
/// keep a core from everybody else. Deadline and cancel interrupt the thread; compiled code looks for that in each loop
/// and call.
final class WasmRun implements Execution {
  /// Host stack of a guest: many times a thread's usual one, because compiled frames are larger than native ones.
  static final long STACK_BYTES = 64L << 20;

  /// What a run needs.
  record Setting(Task task, Sink sink, CompiledModules modules, InstantSource clock) {}

  private final Setting setting;
  private final Runnable release;
  private final Instant begunAt;
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  /// How long the run has waited for the compiler, which is no time of its own; known when it begins, or has ended.
  private final CompletableFuture<Duration> waited = new CompletableFuture<>();
  private final Thread thread;
  /// Why the thread was interrupted; guarded by this. Once the run is over, nothing interrupts any more.
  private Optional<Outcome> stop = Optional.empty();
  private boolean over;

  private WasmRun(Setting setting, Runnable release) {
    this.setting = setting;
    this.release = release;
    this.begunAt = setting.clock().instant();
    this.thread = Thread.ofPlatform().daemon().name("wasm-" + setting.task().deal()).stackSize(STACK_BYTES)
        .unstarted(this::live);
  }

  /// @param release called once, when the guest is gone
  static WasmRun start(Setting setting, Runnable release) {
    var run = new WasmRun(setting, release);
    run.thread.start();
    Thread.ofVirtual().name("wasm-deadline").start(run::guardDeadline);
    return run;
  }

  private void guardDeadline() {
    var limit = setting.task().grant().time();
    try {
      if (!thread.join(limit) && !thread.join(waited.join())) {
        stop(new Outcome.DeadlineExceeded(limit));
      }
    } catch (InterruptedException e) {
      throw new Defect("deadline guard interrupted: " + e);
    }
  }

  @Override public void cancel() {
    stop(new Outcome.Cancelled());
  }

  private synchronized void stop(Outcome reason) {
    if (!over && stop.isEmpty()) {
      stop = Optional.of(reason);
      thread.interrupt();
    }
  }

  /// Why the guest was stopped, if it was; from here on nothing interrupts this thread.
  private synchronized Optional<Outcome> settle() {
    over = true;
    boolean _ = Thread.interrupted();
    return stop;
  }

  private void live() {
    var report = report();
    waited.complete(Duration.ZERO);
    release.run();
    report.run();
  }

  private Runnable report() {
    try {
      var end = run();
      return () -> ended.complete(end);
    } catch (Throwable failure) {
      return () -> ended.completeExceptionally(failure);
    }
  }

  private Ended run() throws IOException {
    var task = setting.task();
    try (var guest = Guest.of(task, setting.sink())) {
      var own = guest.run(this::program);
      var stopped = settle();
      var outcome = own.or(() -> stopped)
          .orElseThrow(() -> new Defect("wasm run of " + task.deal() + " was interrupted by nobody"));
      guest.deliver();
      task.directory().conclude(outcome);
      var cpu = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
      var startedAt = begunAt.plus(waited.getNow(Duration.ZERO));
      var usage = new Usage(startedAt, later(startedAt, setting.clock().instant()), cpu,
          guest.memoryBytes(), guest.outputBytes());
      return new Ended(outcome, task.directory().result(), usage);
    }
  }

  /// A clock that was set back makes no negative run.
  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private CompiledModules.Program program() throws IOException, InterruptedException {
    var path = setting.task().directory().program();
    long size = Files.size(path);
    if (size > Task.PROGRAM_BYTES_MAX) {
      // no machine takes it, so it is the job's own failure
      throw new MalformedException(size + " bytes (expected: at most " + Task.PROGRAM_BYTES_MAX + ")");
    }
    setting.sink().progress(new Sink.Progress(Sink.Phase.PREPARING, 0, size));
    var bytes = Files.readAllBytes(path);
    var digest = Sha256.hash(bytes);
    if (!digest.equals(setting.task().spec().image())) {
      throw new ExecutorUnavailableException(
          "module digest: " + digest + " (expected: " + setting.task().spec().image() + ")");
    }
    var program = setting.modules().program(digest, bytes);
    waited.complete(program.waited());
    return program;
  }

  @Override public Ended await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException failure) {
      throw fault(failure.getCause());
    }
  }

  private RuntimeException fault(@Nullable Throwable cause) {
    if (cause instanceof ExecutorUnavailableException unavailable) {
      return unavailable;
    }
    if (cause instanceof IOException || cause instanceof Ending.HostFault || cause instanceof OutOfMemoryError) {
      return new ExecutorUnavailableException("wasm run of " + setting.task().deal() + ": " + cause, cause);
    }
    return new IllegalStateException("wasm run of " + setting.task().deal(), cause);
  }
}
