/// Tests of `network.lilypad.node.modules`.
@NullMarked
package network.lilypad.node.modules;

import org.jspecify.annotations.NullMarked;
