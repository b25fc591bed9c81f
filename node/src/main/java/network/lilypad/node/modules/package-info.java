/// Modules on the job creator's side: finds one by name, renders its template with inputs, reads what it asks for.
@NullMarked
package network.lilypad.node.modules;

import org.jspecify.annotations.NullMarked;
