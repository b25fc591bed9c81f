/// The wiring of one node: what is started, in which order, and stopped.
@NullMarked
package network.lilypad.node.up;

import org.jspecify.annotations.NullMarked;
