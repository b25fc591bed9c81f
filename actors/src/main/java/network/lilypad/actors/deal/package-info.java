@NullMarked
package network.lilypad.actors.deal;

import org.jspecify.annotations.NullMarked;
