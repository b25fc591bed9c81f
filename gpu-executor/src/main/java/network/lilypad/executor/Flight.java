package network.lilypad.executor;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The blocking side of one deal's run: its executions one after the other, never two at once, and the knowledge of
/// when nothing of it runs any more, which must survive the actor that started it. Thread-safe.
final class Flight {
  private final Executor executor;
  private final Task task;
  private final CompletableFuture<Flight> landed = new CompletableFuture<>();
  private Optional<Execution> execution = Optional.empty();
  private boolean flying;
  private boolean closed;

  Flight(Executor executor, Task task) {
    this.executor = executor;
    this.task = task;
  }

  Task task() {
    return task;
  }

  /// Runs the task to its end, taking up an execution that outlived an earlier agent. Blocks.
  ///
  /// @throws CancellationException if the flight was closed before it began
  /// @throws ExecutorUnavailableException if the machine failed the task
  Execution.Ended fly(Sink sink) throws InterruptedException {
    begin();
    try {
      var started = executor.adopt(task, sink).orElseGet(() -> executor.start(task, sink));
      hold(started);
      return started.await();
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    if (closed || flying) {
      throw new CancellationException("run of " + task.deal() + ": " + (closed ? "closed" : "already running"));
    }
    flying = true;
  }

  private synchronized void hold(Execution started) {
    execution = Optional.of(started);
    if (closed) {
      started.cancel();
    }
  }

  private synchronized void end() {
    flying = false;
    execution = Optional.empty();
    land();
  }

  /// Ends what runs, soon, and lets nothing begin any more.
  synchronized void close() {
    closed = true;
    execution.ifPresent(Execution::cancel);
    land();
  }

  private void land() {
    if (closed && !flying) {
      landed.complete(this);
    }
  }

  /// Completes when the flight is closed and nothing of it runs.
  CompletionStage<Flight> landed() {
    return landed.minimalCompletionStage();
  }
}
