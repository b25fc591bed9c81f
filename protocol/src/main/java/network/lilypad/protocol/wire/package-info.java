@NullMarked
package network.lilypad.protocol.wire;

import org.jspecify.annotations.NullMarked;
