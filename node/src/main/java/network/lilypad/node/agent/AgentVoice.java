package network.lilypad.node.agent;

import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import org.jspecify.annotations.Nullable;

/// Signs in the agent's name, in the domain of the market it serves, and knows what time it is there. Thread-safe.
final class AgentVoice {
  private final Wallet wallet;
  private final LedgerClock clock;
  private final AtomicReference<@Nullable Market> market = new AtomicReference<>();

  AgentVoice(Wallet wallet, LedgerClock clock) {
    this.wallet = wallet;
    this.clock = clock;
  }

  Wallet wallet() {
    return wallet;
  }

  LedgerClock clock() {
    return clock;
  }

  /// A gateway said whom the agent serves.
  void serve(Market served) {
    market.set(served);
  }

  Market market() {
    var served = market.get();
    if (served == null) {
      throw new Defect("agent: signs before a gateway said for whom (expected: a challenge first)");
    }
    return served;
  }

  <T extends Signable> Signed<T> sign(T word) {
    return wallet.sign(market().domain(), word);
  }
}
