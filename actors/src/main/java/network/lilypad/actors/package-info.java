@NullMarked
package network.lilypad.actors;

import org.jspecify.annotations.NullMarked;
