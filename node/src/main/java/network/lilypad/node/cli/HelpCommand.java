package network.lilypad.node.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lilypad help`: the help of a command, also of one below another.
@CommandLine.Command(name = "help", description = "Show the help of a command, such as 'help jobs logs'.")
final class HelpCommand implements Runnable {
  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Which; none: the whole program.")
  private List<String> names = List.of();

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override public void run() {
    var line = spec.commandLine().getParent();
    for (var name : names) {
      line = Optional.ofNullable(line.getSubcommands().get(name)).orElseThrow(() -> new ParameterException(
          spec.commandLine(), "help: " + String.join(" ", names) + " (expected: a command, '" + name + "' is none)"));
    }
    line.usage(spec.commandLine().getOut());
  }
}
