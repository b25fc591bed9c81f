/// Tests of `network.lilypad.node.modules.image`.
@NullMarked
package network.lilypad.node.modules.image;

import org.jspecify.annotations.NullMarked;
