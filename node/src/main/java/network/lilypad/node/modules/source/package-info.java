/// Where modules come from: bundled ones, folders, and git repositories that are fetched once and kept.
@NullMarked
package network.lilypad.node.modules.source;

import org.jspecify.annotations.NullMarked;
