package network.lilypad.executor;

import java.util.Optional;
import java.util.Set;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;

/// Runs tasks with one kind of engine.
///
/// Thread-safe; several tasks run at once and never see each other. Methods block, so call them from a virtual thread,
/// never from an actor.
public interface Executor {
  /// The engine of the tasks it takes.
  Engine engine();

  /// Asks whether the engine works at all, and which one it is. Answers within seconds; never throws for an engine
  /// that is missing.
  Probe probe();

  /// Starts a task in its directory, where it first removes what an earlier try has left.
  ///
  /// Getting ready (pulling an image, loading a module) belongs to the execution and counts against its time; waiting
  /// for the compiler of modules does not.
  ///
  /// @param task of this executor's engine
  /// @param sink told of progress and output while it runs
  /// @throws ExecutorUnavailableException if the engine cannot take it now
  Execution start(Task task, Sink sink);

  /// Begins to have ready what a task needs that is perhaps started soon, and returns. Never repeated for a deal, and
  /// never told of a task that has inputs. What comes of it is used by [#start] or removed by [#discard]; nothing need.
  ///
  /// @throws ExecutorUnavailableException if it cannot be had now
  default void prepare(Task task) {}

  /// Takes up an execution of the same deal that outlived the agent which started it; empty if there is none. Its
  /// output so far is on disk and not told again.
  ///
  /// @throws ExecutorUnavailableException if the engine does not answer
  default Optional<Execution> adopt(Task task, Sink sink) {
    return Optional.empty();
  }

  /// The deals whose executions outlived the agent that started them.
  ///
  /// @throws ExecutorUnavailableException if the engine does not answer
  default Set<DealId> survivors() {
    return Set.of();
  }

  /// Ends what survives of a deal without a result. Nothing happens if nothing does.
  ///
  /// @throws ExecutorUnavailableException if the engine does not answer
  default void discard(DealId deal) {}

  /// Has a program ready before a task needs it. Nothing happens in an engine that fetches nothing.
  ///
  /// @param image how to get it: a container reference
  /// @throws ExecutorUnavailableException if it cannot be had now
  default void prefetch(String image) {}

  /// What an engine says of itself.
  ///
  /// @param ready whether it takes tasks
  /// @param version name and version, or why it is not ready
  record Probe(boolean ready, String version) {}
}
