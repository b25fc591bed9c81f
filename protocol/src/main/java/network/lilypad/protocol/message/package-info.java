@NullMarked
package network.lilypad.protocol.message;

import org.jspecify.annotations.NullMarked;
