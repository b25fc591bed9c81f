/// Programs of this machine, run within bounds.
@NullMarked
package network.lilypad.executor.process;

import org.jspecify.annotations.NullMarked;
