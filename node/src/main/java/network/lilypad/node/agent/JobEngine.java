package network.lilypad.node.agent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import network.lilypad.executor.Execution;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;

/// What runs jobs on this machine. Thread-safe; methods block.
public interface JobEngine {
  /// The engines that work here.
  List<Engine> engines();

  /// Why containers cannot be let out to single hosts, for people; empty if they can.
  default String noHttp() {
    return "";
  }

  /// The memory of all jobs together, in MiB.
  long memoryMib();

  /// The memory of all jobs of an engine together, in MiB; 0 if the engine does not work here.
  default long memoryMib(Engine engine) {
    return engines().contains(engine) ? memoryMib() : 0;
  }

  /// The GPUs that are given to jobs, as they do now; those that are out of order are in it, fenced. Returns at once.
  default GpuFleet gpus() {
    return GpuFleet.EMPTY;
  }

  /// Begins to have ready what a task without inputs needs, if it is run; returns at once. Whoever does not run it
  /// kills it.
  default void prepare(Task task) {}

  /// Runs a task to its end; repeats what the machine, not the job, got wrong.
  ///
  /// @param lease the lease it is run under
  /// @return how it ended; empty if it was killed
  /// @throws network.lilypad.executor.ExecutorUnavailableException if the machine cannot run it, repeats included
  /// @throws InterruptedException if the caller is interrupted; the task goes on until it is killed
  Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) throws InterruptedException;

  /// Stops a deal's task; returns when it holds nothing any more. Nothing happens if none runs.
  ///
  /// @throws InterruptedException if the caller is interrupted
  void kill(DealId deal) throws InterruptedException;

  /// Whether runs of an engine outlive this process, and the next one takes them up where they are.
  default boolean outlives(Engine engine) {
    return false;
  }

  /// Ends what is left running of deals that are not wanted any more, by an earlier process or by one that could not
  /// end it. What cannot be ended now is left for the next time.
  ///
  /// @param wanted deals whose runs may go on; asked after what there is, so that a deal which begins meanwhile is safe
  default void discardAllBut(Supplier<Set<DealId>> wanted) {}
}
