@NullMarked
package network.lilypad.protocol.value;

import org.jspecify.annotations.NullMarked;
