/// What every client of a gateway needs, whether it is a person's command line or a provider's agent: the channel,
/// signed calls, and content on its way.
@NullMarked
package network.lilypad.node.client;

import org.jspecify.annotations.NullMarked;
