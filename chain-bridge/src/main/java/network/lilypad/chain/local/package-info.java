/// The embedded ledger: the settlement port over SQL tables in the node's own database, double entry.
@NullMarked
package network.lilypad.chain.local;

import org.jspecify.annotations.NullMarked;
