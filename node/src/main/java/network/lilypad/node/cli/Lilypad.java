package network.lilypad.node.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/// The program `lilypad`.
@CommandLine.Command(name = "lilypad",
    description = "A market of compute: run a module on somebody's machine, or offer yours.",
    synopsisSubcommandLabel = "COMMAND", subcommands = HelpCommand.class, footer = {
        "", "First steps:", "  lilypad up                                 a whole market on this machine",
        "  lilypad run cowsay:v0.0.4 -i Message=moo   a first job"})
public final class Lilypad {
  private Lilypad() {}

  /// The process.
  ///
  /// @param args what was typed
  public static void main(String[] args) {
    if (Arrays.asList(args).contains("--verbose")) {
      System.setProperty("lilypad.log", "INFO");
    }
    System.exit(run(args, Terminal.system()));
  }

  /// One command.
  ///
  /// @return what the process ends with
  static int run(String[] args, Terminal terminal) {
    var line = create(terminal);
    if (args.length == 0) {
      line.usage(terminal.err());
      return ExitCode.REFUSED;
    }
    return line.execute(args);
  }

  static CommandLine create(Terminal terminal) {
    var line = new CommandLine(new Lilypad()).addSubcommand(new UpCommand(terminal))
        .addSubcommand(new RunCommand(terminal))
        .addSubcommand(ModulesCommand.create(terminal)).addSubcommand(JobsCommand.create(terminal))
        .addSubcommand(WalletCommand.create(terminal))
        .addSubcommand(ContentCommand.create(terminal)).addSubcommand(ProviderCommand.create(terminal))
        .addSubcommand(new DoctorCommand(terminal))
        .addSubcommand(new VersionCommand(terminal));
    helped(line);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, _) -> misused(e, terminal));
    return line;
  }

  /// `--help` on everything.
  private static void helped(CommandLine line) {
    if (!line.getCommandSpec().optionsMap().containsKey("--help") && !(line.getCommand() instanceof HelpCommand)) {
      line.getCommandSpec().addOption(CommandLine.Model.OptionSpec.builder("-h", "--help").usageHelp(true)
          .description("Show this help.").build());
    }
    line.getSubcommands().values().forEach(Lilypad::helped);
  }

  private static int misused(ParameterException e, Terminal terminal) {
    var name = e.getCommandLine().getCommandSpec().qualifiedName();
    new Screen(terminal, false).failure(FailureException.usage(String.valueOf(e.getMessage()), name + " --help"),
        false);
    return ExitCode.REFUSED;
  }
}
