package network.lilypad.executor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuWatch;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Resources;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/// The words to the runs of one agent's machine.
///
/// The actor admits a deal when its slice is free, has a child of its own see it through, and frees the slice only when
/// nothing of the run is left, whatever became of that child. A deal is run once: asking again finds the run, or its
/// end, which is remembered until [Forget]. It never blocks; executions wait on virtual threads. All messages stay
/// within the agent's process.
public interface GpuExecutor {
  /// The actor of a machine that runs nothing yet. Stopping it cancels what runs.
  static Behavior<Command> create(Setting setting) {
    return RunSupervisor.create(setting);
  }

  /// What a machine can be told.
  sealed interface Command permits Run, Cancel, Forget, GetStatus, RunSupervisor.Internal {}

  /// Run a deal. Answered with [Accepted] or [Refused]; the subscriber is told of the run, and takes the place of an
  /// earlier one if the deal runs or has run already.
  record Run(Task task, Lease lease, ActorRef<Event> subscriber, ActorRef<Reply> replyTo) implements Command {}

  /// Stop a deal's run and throw its result away. Answered with [Stopped] when nothing of it runs and its slice is free,
  /// which is at once if it does not run.
  record Cancel(DealId deal, ActorRef<Reply> replyTo) implements Command {}

  /// Forget how a deal ended; it may then be run again. Its files are the agent's.
  record Forget(DealId deal) implements Command {}

  /// Ask what runs; answered with [Status].
  record GetStatus(ActorRef<Status> replyTo) implements Command {}

  /// Answers to [Run] and [Cancel].
  sealed interface Reply {
    /// The deal.
    DealId deal();
  }

  /// The deal runs, or has run.
  record Accepted(DealId deal) implements Reply {}

  /// The deal does not run.
  record Refused(DealId deal, Rejection why) implements Reply {}

  /// The deal does not run any more.
  record Stopped(DealId deal) implements Reply {}

  /// What a subscriber is told of a run.
  sealed interface Event {
    /// The deal.
    DealId deal();
  }

  /// An attempt has begun.
  ///
  /// @param attempt from 1
  record Started(DealId deal, int attempt, Instant at) implements Event {}

  /// The run has come further.
  record Progressed(DealId deal, Sink.Progress progress) implements Event {}

  /// The program wrote something. The subscriber calls [#taken()] when it is done with it; until then it counts against
  /// what may be on its way.
  record Log(DealId deal, Sink.Chunk chunk, LogWindow window) implements Event {
    /// Makes room for further chunks.
    public void taken() {
      window.give(chunk.bytes().size());
    }
  }

  /// The machine failed an attempt, and there will be another.
  record Retrying(DealId deal, int failedAttempts, Duration pause, String reason) implements Event {}

  /// The last event of a run; its slice is free.
  sealed interface End extends Event {}

  /// The run has a result, be it a failure of the job's own.
  record Finished(DealId deal, Execution.Ended ended) implements End {}

  /// The machine could not run it: there is no result, and an honest provider releases the deal.
  record Failed(DealId deal, String reason) implements End {}

  /// The run was stopped by [Cancel].
  record Cancelled(DealId deal) implements End {}

  /// What a machine is doing.
  ///
  /// @param running the deals that hold a slice
  /// @param ended the deals whose ends are remembered
  /// @param free what is left of the machine
  record Status(Set<DealId> running, Set<DealId> ended, Resources free) {}

  /// What a machine works with.
  ///
  /// @param executors one for each engine it has
  /// @param inventory its capacity
  /// @param retries what to do when an engine fails
  /// @param clock the time that events and leases are told in
  /// @param gpus what is looked at while it runs
  record Setting(Map<Engine, Executor> executors, Inventory inventory, RetryRule retries, InstantSource clock,
      Gpus gpus) {
    /// Keeps a copy of the executors.
    public Setting {
      executors = Map.copyOf(executors);
    }

    /// Of a machine whose GPUs, if it has any, nobody looks at.
    public Setting(Map<Engine, Executor> executors, Inventory inventory, RetryPolicy retry, InstantSource clock) {
      this(executors, inventory, _ -> retry, clock, Gpus.UNWATCHED);
    }
  }

  /// The machine's GPUs as they are watched.
  ///
  /// @param found the probes, and the GPUs that they saw first
  /// @param later how more are found
  /// @param listener told the fleet after every look, on the actor's thread: it must return at once
  record Gpus(GpuProbes.Found found, GpuWatch.Later later, Consumer<GpuFleet> listener) {
    /// No probe at all.
    public static final Gpus UNWATCHED = new Gpus(GpuProbes.NONE, _ -> {});

    /// Those that are there at the start.
    public Gpus(GpuProbes.Found found, Consumer<GpuFleet> listener) {
      this(found, GpuWatch.Later.NEVER, listener);
    }

    /// Whether there is anything to look at, now or later.
    boolean watched() {
      return !found.probes().isEmpty() || later.search().isPresent();
    }
  }
}
