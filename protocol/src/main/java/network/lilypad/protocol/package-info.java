@NullMarked
package network.lilypad.protocol;

import org.jspecify.annotations.NullMarked;
