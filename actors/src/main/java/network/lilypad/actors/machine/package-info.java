@NullMarked
package network.lilypad.actors.machine;

import org.jspecify.annotations.NullMarked;
