/// Tests of `network.lilypad.node.cli`.
@NullMarked
package network.lilypad.node.cli;

import org.jspecify.annotations.NullMarked;
