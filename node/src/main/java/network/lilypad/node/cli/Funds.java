package network.lilypad.node.cli;

import java.security.SecureRandom;
import java.util.function.Supplier;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.protocol.Rejection.InsufficientFunds;
import network.lilypad.protocol.value.Lp;

/// Sees to it that a job can be paid.
final class Funds {
  /// What a developer's wallet gets at once: some thousand small jobs.
  static final Lp FAUCET = Lp.of(100);

  private Funds() {}

  /// Makes a call that needs LP. When the account of an embedded ledger is short of them, takes some from its faucet and
  /// calls once more; on any other ledger the gateway's refusal stands.
  static <T> T provided(Connection connection, Screen screen, Supplier<T> call) {
    try {
      return call.get();
    } catch (GatewayRefusedException e) {
      if (!connection.embedded() || !(e.why() instanceof InsufficientFunds(_, var needed, _))) {
        throw e;
      }
      take(connection, FAUCET.max(Lp.gwei(needed)), screen);
      return call.get();
    }
  }

  private static void take(Connection connection, Lp amount, Screen screen) {
    var balance = connection.market().faucet(amount, new SecureRandom().nextLong(Long.MAX_VALUE));
    screen.stage("🚰",
        "took " + amount + " from the embedded ledger's faucet; free now: " + Words.lp(balance.getFree()),
        Screen.event("faucet").put("amount_gwei", amount.gwei()).put("free_gwei", balance.getFree()));
  }
}
