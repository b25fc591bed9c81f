/// What of the market is written: journal and messages between nodes.
@NullMarked
package network.lilypad.actors.wire;

import org.jspecify.annotations.NullMarked;
