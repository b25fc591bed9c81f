/// Money: the settlement port, and the actor that stands before it.
@NullMarked
package network.lilypad.chain;

import org.jspecify.annotations.NullMarked;
