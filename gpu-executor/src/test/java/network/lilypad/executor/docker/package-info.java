/// Tests of the Docker adapter on a real engine.
@NullMarked
package network.lilypad.executor.docker;

import org.jspecify.annotations.NullMarked;
