/// Tests of `network.lilypad.node.client`.
@NullMarked
package network.lilypad.node.client;

import org.jspecify.annotations.NullMarked;
