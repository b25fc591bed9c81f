/// Tests of `network.lilypad.node.modules.template`.
@NullMarked
package network.lilypad.node.modules.template;

import org.jspecify.annotations.NullMarked;
