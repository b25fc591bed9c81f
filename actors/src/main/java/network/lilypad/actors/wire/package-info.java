/// The words of jobs, machines and deals as bytes.
@NullMarked
package network.lilypad.actors.wire;

import org.jspecify.annotations.NullMarked;
