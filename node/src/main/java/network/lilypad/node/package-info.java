@NullMarked
package network.lilypad.node;

import org.jspecify.annotations.NullMarked;
