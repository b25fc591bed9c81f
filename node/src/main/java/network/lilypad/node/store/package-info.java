/// The node's database, and the store of blobs and blocks beside it.
@NullMarked
package network.lilypad.node.store;

import org.jspecify.annotations.NullMarked;
