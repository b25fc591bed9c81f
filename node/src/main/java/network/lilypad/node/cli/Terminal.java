package network.lilypad.node.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the process was started with.
///
/// @param out standard output: a job's own output, answers, JSON
/// @param err standard error: what happens, and what went wrong
/// @param interactive whether a person sees `err` as it appears
/// @param environment variables
/// @param folder the working directory
record Terminal(PrintStream out, PrintStream err, boolean interactive, Map<String, String> environment, Path folder) {
  static Terminal system() {
    var out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    var err = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    boolean person = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
        && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(out, err, person, System.getenv(), Path.of("").toAbsolutePath());
  }
}
