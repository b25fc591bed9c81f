@NullMarked
package network.lilypad.chain;

import org.jspecify.annotations.NullMarked;
