/// Execution: the [Executor] port, its adapters, the bundled modules and the actor that supervises an agent's job runs.
///
/// An adapter runs one [Task] and leaves a result directory; what the job did wrong is an [Outcome] and part of the
/// result, what the machine did wrong is an [ExecutorUnavailableException] and is tried again by [GpuExecutor].
@NullMarked
package network.lilypad.executor;

import org.jspecify.annotations.NullMarked;
