/// The read side: tables that follow the journal's tagged events.
@NullMarked
package network.lilypad.node.read;

import org.jspecify.annotations.NullMarked;
