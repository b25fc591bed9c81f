@NullMarked
package network.lilypad.actors.job;

import org.jspecify.annotations.NullMarked;
