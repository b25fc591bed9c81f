/// Tests of `network.lilypad.node.agent`.
@NullMarked
package network.lilypad.node.agent;

import org.jspecify.annotations.NullMarked;
