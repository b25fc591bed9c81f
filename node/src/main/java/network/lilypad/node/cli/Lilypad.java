package network.lilypad.node.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program `lilypad`.
@CommandLine.Command(name = "lilypad",
    description = "A market of compute: run a module on somebody's machine, or offer yours.",
    synopsisSubcommandLabel = "COMMAND", subcommands = HelpCommand.class, footer = {
        "", "First steps:", "  lilypad up                                 a whole market on this machine",
        "  lilypad run cowsay:v0.0.4 -i Message=moo   a first job", "",
        "Exit codes: 0 done; 125 something of ours failed: gateway, disk, this program;",
        "126 refused: the module, the options, the market's rules. Commands with others",
        "say so in their help."})
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
    line.setParameterExceptionHandler((e, args) -> misused(e, Arrays.asList(args), terminal));
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
    if (!line.getCommandSpec().optionsMap().containsKey("--help")) {
      line.getCommandSpec().addOption(CommandLine.Model.OptionSpec.builder("-h", "--help").usageHelp(true)
          .description("Show this help.").build());
    }
    line.getSubcommands().values().forEach(Lilypad::helped);
  }

  /// Options that were not understood say nothing, so `--json` is looked for among what was typed.
  private static int misused(ParameterException e, List<String> args, Terminal terminal) {
    var name = e.getCommandLine().getCommandSpec().qualifiedName();
    try (var screen = new Screen(terminal, args.contains("--json"))) {
      screen.failure(FailureException.usage(words(e), name + " --help"), false);
    }
    return ExitCode.REFUSED;
  }

  /// Picocli counts from 0 and knows no commands, only arguments that match nothing.
  private static String words(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return String.valueOf(e.getMessage());
    }
    var first = unmatched.getUnmatched().getFirst();
    var commands = e.getCommandLine().getSubcommands().keySet();
    return commands.isEmpty() ? "one argument too many: " + first
        : "command: " + first + " (expected: " + String.join(", ", commands) + ")";
  }
}
