/// The executor for containers: an engine that speaks the Docker API over a unix socket of this machine.
///
/// A container gets its inputs read-only, its declared outputs as folders of the run's directory, a temporary file
/// system, and nothing else it can write; no capability, no new privilege, no network unless both sides want one. What
/// it leaves is read only after it is dead, and without following links. Only this package knows the Docker client.
@NullMarked
package network.lilypad.executor.docker;

import org.jspecify.annotations.NullMarked;
