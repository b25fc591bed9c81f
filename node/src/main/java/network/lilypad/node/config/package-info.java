/// The node's configuration: read strictly, once, into immutable values.
@NullMarked
package network.lilypad.node.config;

import org.jspecify.annotations.NullMarked;
