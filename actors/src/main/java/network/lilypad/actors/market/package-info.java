@NullMarked
package network.lilypad.actors.market;

import org.jspecify.annotations.NullMarked;
