package network.lilypad.node.cli;

import java.util.Optional;
import picocli.CommandLine;

/// `lilypad version`.
@CommandLine.Command(name = "version", description = "This program's version.")
final class VersionCommand extends Command {
  VersionCommand(Terminal terminal) {
    super(terminal, new CommonOptions());
  }

  @Override int run(Screen screen) {
    screen.answer("lilypad " + version() + ", Java " + Runtime.version(),
        Screen.event("version").put("version", version()).put("java", Runtime.version().toString()));
    return ExitCode.OK;
  }

  /// The version that this program was built as.
  static String version() {
    return Optional.ofNullable(Lilypad.class.getPackage().getImplementationVersion()).orElse("development");
  }
}
