package network.lilypad.node.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.client.MarketClient;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Domain;

/// A job creator at a gateway.
///
/// @param market the gateway's calls
/// @param info what the gateway said of itself
/// @param wallet who calls
/// @param clock ledger time
record Connection(MarketClient market, Info info, Wallet wallet, LedgerClock clock) implements AutoCloseable {
  /// Dials and asks what must be known.
  static Connection open(GatewayAddress gateway, Wallet wallet) {
    var clock = new LedgerClock(InstantSource.system());
    var market = new MarketClient(gateway.open(), CallSigner.of(wallet, clock));
    try {
      long asked = System.nanoTime();
      var info = market.info();
      clock.learn(info.getLedgerTime(), Duration.ofNanos(System.nanoTime() - asked));
      return new Connection(market, info, wallet, clock);
    } catch (RuntimeException e) {
      market.close();
      throw e;
    }
  }

  /// Dials with the creator's wallet, which is made if there is none.
  static Connection open(CommonOptions common, Terminal terminal, Screen screen) throws IOException {
    var file = WalletFile.creator(common.dataDir(terminal));
    boolean fresh = !file.exists();
    var wallet = fresh ? file.create() : file.load();
    if (fresh) {
      screen.stage("🔑", "made a wallet for you: " + wallet.address() + ", its key is in " + file.file(),
          Screen.event("wallet").put("address", wallet.address().toString()).put("file", file.file().toString()));
    }
    var gateway = common.gateway(terminal);
    screen.waiting("asking the gateway");
    try {
      return open(gateway, wallet);
    } catch (GatewayUnavailableException e) {
      throw e.busy().isPresent() ? e : new GatewayUnavailableException(gateway + ": " + e.getMessage(), e);
    } finally {
      screen.waiting("");
    }
  }

  /// The ledger's signing domain.
  Domain domain() {
    return new Domain(info.getChainId(), Address.of(info.getVerifyingContract().toByteArray()));
  }

  /// Whether the ledger is the node's own, where LP are free.
  boolean embedded() {
    return info.getChainId() == 0;
  }

  @Override public void close() {
    market.close();
  }
}
