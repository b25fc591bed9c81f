package network.lilypad.node.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// What every command is: options, a terminal, and one way to fail.
abstract class Command implements Callable<Integer> {
  @Mixin
  private CommonOptions common;

  private final Terminal terminal;

  /// A command that talks to a gateway.
  Command(Terminal terminal) {
    this(terminal, new CommonOptions.AtGateway());
  }

  /// @param common the options that every command has, with a gateway's or without
  Command(Terminal terminal, CommonOptions common) {
    this.terminal = terminal;
    this.common = common;
  }

  final Terminal terminal() {
    return terminal;
  }

  final CommonOptions common() {
    return common;
  }

  @Override public final Integer call() {
    try (var screen = new Screen(terminal, common.json())) {
      try {
        return run(screen);
      } catch (RuntimeException | IOException | InterruptedException e) {
        var failure = FailureException.of(e);
        screen.failure(failure, common.verbose());
        return failure.exitCode();
      }
    }
  }

  /// Does the command's work.
  ///
  /// @return what the process ends with
  abstract int run(Screen screen) throws IOException, InterruptedException;
}
