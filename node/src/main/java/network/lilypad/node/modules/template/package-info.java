/// The part of Go's templates that module files use: read once, rendered with inputs that can only ever become contents
/// of the JSON that the author wrote.
@NullMarked
package network.lilypad.node.modules.template;

import org.jspecify.annotations.NullMarked;
