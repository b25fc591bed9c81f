/// The provider's side: an agent that dials out to a gateway with one stream, signs leases by its owner's policy, runs
/// jobs, and keeps its word across crashes of its own, the gateway's and the core's.
///
/// [ProviderAgent] keeps a session open; [Deals] answers what the session asks; one [DealRun] does each deal's work;
/// the [Spool] remembers what was signed.
@NullMarked
package network.lilypad.node.agent;

import org.jspecify.annotations.NullMarked;
