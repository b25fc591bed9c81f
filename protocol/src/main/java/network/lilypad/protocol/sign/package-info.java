@NullMarked
package network.lilypad.protocol.sign;

import org.jspecify.annotations.NullMarked;
