package network.lilypad.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.lilypad.protocol.value.Engine;

/// An executor whose executions end when and how a test says.
final class ScriptedExecutor implements Executor {
  private final BlockingQueue<Scripted> started = new LinkedBlockingQueue<>();

  /// An execution that waits for its end.
  static final class Scripted implements Execution {
    private final Task task;
    private final Sink sink;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final CompletableFuture<Optional<Outcome>> cancelled = new CompletableFuture<>();

    private Scripted(Task task, Sink sink) {
      this.task = task;
      this.sink = sink;
    }

    Task task() {
      return task;
    }

    Sink sink() {
      return sink;
    }

    void end(Outcome outcome) {
      var usage = new Usage(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 0);
      ended.complete(new Ended(outcome, Path.of("result"), usage));
    }

    void fail(RuntimeException fault) {
      ended.completeExceptionally(fault);
    }

    void awaitCancel() throws Exception {
      cancelled.get(60, TimeUnit.SECONDS);
    }

    boolean isCancelled() { return cancelled.isDone(); }

    @Override public Ended await() throws InterruptedException {
      try {
        return ended.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e);
      }
    }

    @Override public void cancel() {
      cancelled.complete(Optional.empty());
    }
  }

  /// The next execution that was started.
  Scripted next() throws InterruptedException {
    var next = started.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new IllegalStateException("no execution started");
    }
    return next;
  }

  boolean isIdle() { return started.isEmpty(); }

  @Override public Engine engine() {
    return Engine.WASM;
  }

  @Override public Probe probe() {
    return new Probe(true, "scripted");
  }

  @Override public Execution start(Task task, Sink sink) {
    var execution = new Scripted(task, sink);
    started.add(execution);
    return execution;
  }
}
