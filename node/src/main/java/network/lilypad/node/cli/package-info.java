/// The command line. [Lilypad] is the door; a command parses its options, the classes beside it do the work, [Screen]
/// says what happens to people and to programs, [ExitCode] what a script reads.
@NullMarked
package network.lilypad.node.cli;

import org.jspecify.annotations.NullMarked;
