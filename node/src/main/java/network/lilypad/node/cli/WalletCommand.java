package network.lilypad.node.cli;

import java.io.IOException;
import java.security.SecureRandom;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.value.Lp;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `lilypad wallet`: who one is and what one has.
@CommandLine.Command(name = "wallet", description = "Your account and its balance.",
    synopsisSubcommandLabel = "COMMAND")
final class WalletCommand {
  private WalletCommand() {}

  /// All of it for picocli.
  static CommandLine create(Terminal terminal) {
    return new CommandLine(new WalletCommand()).addSubcommand(new ShowAddress(terminal))
        .addSubcommand(new ShowBalance(terminal)).addSubcommand(new Faucet(terminal));
  }

  private static void say(Balance balance, Screen screen) {
    screen.answer("account   " + Words.hex(balance.getAccount()) + "\nfree      " + Words.lp(balance.getFree())
        + "\nreserved  " + Words.lp(balance.getReserved()) + "\nlocked    " + Words.lp(balance.getLocked()),
        Screen.event("balance").put("account", Words.hex(balance.getAccount())).put("free_gwei", balance.getFree())
            .put("reserved_gwei", balance.getReserved()).put("locked_gwei", balance.getLocked()));
  }

  /// `lilypad wallet address`.
  @CommandLine.Command(name = "address", description = "Your account; makes a wallet if there is none.")
  static final class ShowAddress extends Command {
    ShowAddress(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    @Override int run(Screen screen) throws IOException {
      var file = WalletFile.creator(common().dataDir(terminal()));
      var address = (file.exists() ? file.load() : file.create()).address().toString();
      screen.answer(address, Screen.event("address").put("address", address).put("file", file.file().toString()));
      return ExitCode.OK;
    }
  }

  /// `lilypad wallet balance`.
  @CommandLine.Command(name = "balance", description = "What the account has.")
  static final class ShowBalance extends Command {
    ShowBalance(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) throws IOException {
      try (var connection = Connection.open(common(), terminal(), screen)) {
        say(connection.market().balance(), screen);
        return ExitCode.OK;
      }
    }
  }

  /// `lilypad wallet faucet`.
  @CommandLine.Command(name = "faucet", description = "LP out of nothing, on an embedded ledger.")
  static final class Faucet extends Command {
    @Parameters(index = "0", paramLabel = "LP", defaultValue = "100",
        description = "How much, at most 1000 (default: ${DEFAULT-VALUE}).")
    private String amount = "";

    Faucet(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) throws IOException {
      try (var connection = Connection.open(common(), terminal(), screen)) {
        say(connection.market().faucet(Lp.parse(amount), new SecureRandom().nextLong(Long.MAX_VALUE)), screen);
        return ExitCode.OK;
      }
    }
  }
}
