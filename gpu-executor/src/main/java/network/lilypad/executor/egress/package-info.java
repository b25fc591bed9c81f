/// The one way out of a network namespace that has nothing but loopback: an HTTP proxy that listens inside it and leads
/// to the hosts of a list, and nowhere else.
///
/// The proxy lives in the agent's process; only its listening socket belongs to the namespace. Only this package knows
/// Netty and the system's calls for namespaces.
@NullMarked
package network.lilypad.executor.egress;

import org.jspecify.annotations.NullMarked;
