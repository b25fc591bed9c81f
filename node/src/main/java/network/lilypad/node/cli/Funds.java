package network.lilypad.node.cli;

import java.security.SecureRandom;
import network.lilypad.protocol.value.Lp;

/// Sees to it that a job can be paid.
final class Funds {
  /// What a developer's wallet gets at once: some thousand small jobs.
  static final Lp FAUCET = Lp.of(100);

  private Funds() {}

  /// Takes LP from the faucet of an embedded ledger when the balance is short. On any other ledger nothing is done: the
  /// gateway will say what is missing.
  static void provide(Connection connection, Lp needed, Screen screen) {
    var free = Lp.gwei(connection.market().balance().getFree());
    if (!connection.embedded() || free.covers(needed)) {
      return;
    }
    var balance = connection.market().faucet(FAUCET.max(needed), new SecureRandom().nextLong(Long.MAX_VALUE));
    screen.stage("🚰", "took " + FAUCET.max(needed) + " from the embedded ledger's faucet; free now: "
        + Words.lp(balance.getFree()),
        Screen.event("faucet").put("amount_gwei", FAUCET.max(needed).gwei()).put("free_gwei", balance.getFree()));
  }
}
