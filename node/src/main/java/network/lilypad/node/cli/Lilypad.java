package network.lilypad.node.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
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
  /// All commands, in the order of the help. To make them all takes longer than a call to a gateway, so what was typed is made
  /// alone.
  private static final SequencedMap<String, Function<Terminal, Object>> COMMANDS = commands();

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
    var line = args.length > 0 && COMMANDS.containsKey(args[0]) ? create(terminal, Set.of(args[0])) : create(terminal);
    if (args.length == 0) {
      line.usage(terminal.err());
      return ExitCode.REFUSED;
    }
    return line.execute(args);
  }

  static CommandLine create(Terminal terminal) {
    return create(terminal, COMMANDS.keySet());
  }

  private static CommandLine create(Terminal terminal, Set<String> commands) {
    var line = new CommandLine(new Lilypad());
    COMMANDS.forEach((name, command) -> {
      if (commands.contains(name)) {
        line.addSubcommand(name, command.apply(terminal));
      }
    });
    helped(line);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, _) -> misused(e, terminal));
    return line;
  }

  private static SequencedMap<String, Function<Terminal, Object>> commands() {
    var commands = new LinkedHashMap<String, Function<Terminal, Object>>();
    commands.put("up", UpCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("modules", ModulesCommand::create);
    commands.put("jobs", JobsCommand::create);
    commands.put("wallet", WalletCommand::create);
    commands.put("content", ContentCommand::create);
    commands.put("provider", ProviderCommand::create);
    commands.put("doctor", DoctorCommand::new);
    commands.put("version", VersionCommand::new);
    return commands;
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
