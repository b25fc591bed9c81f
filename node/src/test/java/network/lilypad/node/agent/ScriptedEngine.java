package network.lilypad.node.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;

/// An engine whose runs end when and as a test says, with one line on standard error.
final class ScriptedEngine implements JobEngine {
  /// What it was given to run.
  final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  /// How runs end.
  final BlockingQueue<Outcome> endings = new LinkedBlockingQueue<>();
  /// Whether runs are interrupted as soon as their programs have ended, as by an agent that stops.
  final AtomicBoolean stopping = new AtomicBoolean();
  /// Thrown once when the agent's heart asks for GPUs, which it does at every beat.
  final AtomicReference<Optional<RuntimeException>> trouble = new AtomicReference<>(Optional.empty());

  @Override public List<Engine> engines() {
    return List.of(Engine.DOCKER);
  }

  @Override public long memoryMib() {
    return 1024;
  }

  @Override public GpuFleet gpus() {
    if (Thread.currentThread().getName().equals("agent-heart")) {
      trouble.getAndSet(Optional.empty()).ifPresent(thrown -> {
        throw thrown;
      });
    }
    return GpuFleet.EMPTY;
  }

  @Override public Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) throws InterruptedException {
    tasks.add(task);
    sink.progress(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    var ended = ended(task, endings.take());
    if (stopping.get()) {
      Thread.currentThread().interrupt();
    }
    return Optional.of(ended);
  }

  private static Execution.Ended ended(Task task, Outcome outcome) {
    try {
      var run = task.directory();
      Files.createDirectories(run.outputs());
      Files.writeString(run.stream(Sink.Stream.STDOUT), "");
      Files.writeString(run.stream(Sink.Stream.STDERR), "trouble\n");
      Files.writeString(run.exitCode(), Integer.toString(outcome.exitCode()));
      var at = Instant.ofEpochSecond(Offers.NOW);
      return new Execution.Ended(outcome, run.result(), new Execution.Usage(at, at, Duration.ofSeconds(1), 8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override public void kill(DealId deal) {
    // a run here holds nothing
  }
}
