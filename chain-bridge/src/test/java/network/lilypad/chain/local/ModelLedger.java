package network.lilypad.chain.local;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;

/// The embedded ledger as the model of a contract: says of each intent whether it happened now, and shows all accounts.
public final class ModelLedger {
  private final DataSource database = Databases.memory();
  private final LocalLedger ledger;
  private final Set<String> entries = new HashSet<>();

  /// @param domain the contract's
  public ModelLedger(Domain domain, InstantSource clock) {
    ledger = LocalLedger.modelOf(domain, database, clock);
  }

  /// What each of the intents of one transaction came to.
  ///
  /// @return for each: empty when it happened, else why not
  public List<String> settle(List<Intent> intents) {
    var refusals = new ArrayList<String>();
    for (var intent : intents) {
      refusals.add(switch (ledger.settle(List.of(intent)).getFirst()) {
        case Bridge.Receipt receipt when entries.add(receipt.transaction()) -> "";
        case Bridge.Receipt receipt -> "repeated: " + receipt.phase();
        case Bridge.Refused refused -> refused.why().toString();
      });
    }
    return refusals;
  }

  /// Free, locked and leaving money of everybody who ever had some.
  public Map<Address, List<Long>> accounts() throws SQLException {
    var all = new HashMap<Address, List<Long>>();
    try (var connection = database.getConnection(); var sql = new Sql(connection)) {
      sql.all("select holder, free, locked, leaving from ledger.account where holder like '0x%'",
          row -> all.put(Address.parse(row.getString(1)), List.of(row.getLong(2), row.getLong(3), row.getLong(4))));
    }
    return all;
  }

  /// State and attempt of each job's latest deal.
  public Map<JobId, List<Integer>> slots() throws SQLException {
    var all = new HashMap<JobId, List<Integer>>();
    try (var connection = database.getConnection(); var sql = new Sql(connection)) {
      sql.all("select job, phase, attempt from ledger.slot",
          row -> all.put(JobId.parse(row.getString(1)), List.of(row.getInt(2), row.getInt(3))));
      sql.all("select subject from ledger.intent where step = 'REVOKE'", row -> all.compute(
          JobId.parse(row.getString(1)), (_, held) -> List.of(11, held == null ? 0 : held.getLast())));
    }
    return all;
  }

  /// What has been put in, less what was taken out, and the pool.
  public List<Long> issuedAndPool() {
    var totals = ledger.totals();
    return List.of(totals.issued().gwei(), totals.pool().gwei());
  }
}
