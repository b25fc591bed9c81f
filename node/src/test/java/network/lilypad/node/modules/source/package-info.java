/// Tests of `network.lilypad.node.modules.source`.
@NullMarked
package network.lilypad.node.modules.source;

import org.jspecify.annotations.NullMarked;
