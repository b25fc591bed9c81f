/// The gateway's side for provider agents: one session a machine, and the content of its deals.
@NullMarked
package network.lilypad.node.session;

import org.jspecify.annotations.NullMarked;
