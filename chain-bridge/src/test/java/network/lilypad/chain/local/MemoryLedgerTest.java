package network.lilypad.chain.local;

import java.util.Random;

import network.lilypad.chain.Settlement;
import network.lilypad.chain.SettlementContract;

/// The contract on a database in memory.
final class MemoryLedgerTest extends SettlementContract {
  @Override protected Settlement found() {
    return LocalLedger.open(Databases.memory(), clock, new Random(1));
  }
}
