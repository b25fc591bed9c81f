package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import network.lilypad.node.agent.ProviderAgent;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `lilypad provider drain`: lets a machine end what it has and take nothing new.
@CommandLine.Command(name = "drain",
    description = "Take no new deals, let those that run end, then end the agent. Holds over restarts until --undo.")
final class ProviderDrain extends Command {
  @Option(names = "--undo", description = "Take new deals again.")
  private boolean undo;

  ProviderDrain(Terminal terminal) {
    super(terminal, new CommonOptions());
  }

  @Override int run(Screen screen) throws IOException {
    var directory = ProviderCommand.directory(common().dataDir(terminal()));
    if (!Files.exists(directory.resolve("machine"))) {
      throw new FailureException(ExitCode.REFUSED, "no-provider", "no provider has run in " + directory,
          "name its data directory with --data-dir");
    }
    ProviderAgent.order(directory, !undo);
    screen.answer(undo
        ? "this machine takes new deals again; start it with 'lilypad provider' if it does not run"
        : "this machine takes no new deals; a running agent lets its deals end and stops then",
        Screen.event(undo ? "undrained" : "draining").put("directory", directory.toString()));
    return ExitCode.OK;
  }
}
