package network.lilypad.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A task that has been started. Thread-safe.
public interface Execution {
  /// Waits until the task has ended, its result lies on disk and everything it held is free.
  ///
  /// @throws InterruptedException if the caller is interrupted; the task goes on
  /// @throws ExecutorUnavailableException if the machine failed the task: there is no result, repeating may give one
  Ended await() throws InterruptedException;

  /// Asks the task to end now with [Outcome.Cancelled]; returns at once, [#await()] tells when it has ended. Nothing
  /// happens if it has ended or been cancelled before.
  void cancel();

  /// How a task ended.
  ///
  /// @param outcome what became of it
  /// @param result the directory with `stdout`, `stderr`, `exitCode` and `outputs`
  /// @param usage what it took
  record Ended(Outcome outcome, Path result, Usage usage) {}

  /// What a task took of the machine.
  ///
  /// @param startedAt when it was started
  /// @param endedAt when it had ended, not before it started
  /// @param cpu processor time
  /// @param gpu its GPUs; [GpuExecutor] measures them
  /// @param peakMemoryBytes the most memory it held at a time, 0 if the engine does not know
  /// @param outputBytes bytes in `stdout`, `stderr` and `outputs`
  record Usage(Instant startedAt, Instant endedAt, Duration cpu, GpuUse gpu, long peakMemoryBytes, long outputBytes) {
    /// As an engine measures it, without GPUs.
    public Usage(Instant startedAt, Instant endedAt, Duration cpu, long peakMemoryBytes, long outputBytes) {
      this(startedAt, endedAt, cpu, GpuUse.NONE, peakMemoryBytes, outputBytes);
    }

    /// As an engine measures it that knows of no memory peak.
    public Usage(Instant startedAt, Instant endedAt, Duration cpu, long outputBytes) {
      this(startedAt, endedAt, cpu, 0, outputBytes);
    }

    /// The same with what was measured of its GPUs.
    public Usage with(GpuUse measured) {
      return new Usage(startedAt, endedAt, cpu, measured, peakMemoryBytes, outputBytes);
    }
  }

  /// What a task took of its GPUs, as far as their drivers say.
  ///
  /// @param busy time that they computed, all together; empty if that was never said of all of them
  /// @param peakMib the most memory in use at a look, all together; empty if that was never said of all of them
  record GpuUse(Optional<Duration> busy, OptionalLong peakMib) {
    /// Nothing is known, or there was none.
    public static final GpuUse NONE = new GpuUse(Optional.empty(), OptionalLong.empty());

    /// All of it is known.
    public static GpuUse of(Duration busy, long peakMib) {
      return new GpuUse(Optional.of(busy), OptionalLong.of(peakMib));
    }
  }
}
