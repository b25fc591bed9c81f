/// Tests of the way out, on this machine's loopback and in real namespaces.
@NullMarked
package network.lilypad.executor.egress;

import org.jspecify.annotations.NullMarked;
