@NullMarked
package network.lilypad.executor;

import org.jspecify.annotations.NullMarked;
