/// The gateway's public side: what job creators' tools speak with.
@NullMarked
package network.lilypad.node.gateway;

import org.jspecify.annotations.NullMarked;
