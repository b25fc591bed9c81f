package network.lilypad.chain.local;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// The ledger's tables as the rules see them, inside one transaction.
final class Books {
  /// The steps of a deal, the one that tells its present state first.
  private static final List<String> LATEST_FIRST = List.of("END", "CHECK", "SUBMIT", "ANNUL", "OPEN");
  private static final String COUNTING = """
      select coalesce(sum(r.gwei), 0) from ledger.reservation r
      where r.creator = ? and r.valid_until >= ? and r.job <> ?
        and not exists (select 1 from ledger.slot s where s.job = r.job and s.phase in (1, 2, 4))""";
  private static final BigDecimal ALL = BigDecimal.valueOf(Lp.MAX_GWEI);

  private final Sql sql;

  Books(Sql sql) {
    this.sql = sql;
  }

  /// What was answered to a step, for good.
  ///
  /// @param reply the answer
  /// @param content digest of the signed word that decided it; another word of the same step is a conflict
  record Stored(Bridge.Reply reply, Bytes32 content) {}

  /// An account as the table holds it.
  ///
  /// @param leavingAt when what is leaving can be paid out
  record Account(long free, long locked, long leaving, long leavingAt) {}

  Optional<Stored> stored(Intent.Key key) throws SQLException {
    return sql.one("select * from ledger.intent where subject = ? and step = ?", Books::stored, key.subject(),
        key.step());
  }

  /// What the ledger last said about a deal.
  Optional<Bridge.Reply> latest(DealId deal) throws SQLException {
    for (var step : LATEST_FIRST) {
      var stored = stored(new Intent.Key(deal.toString(), step));
      if (stored.isPresent()) {
        return stored.map(Stored::reply);
      }
    }
    return Optional.empty();
  }

  void store(Intent.Key key, Bytes32 content, Bridge.Reply reply) throws SQLException {
    var insert = "insert into ledger.intent values (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    switch (reply) {
      case Bridge.Receipt(_, var phase, var at, var entry, var paid, var refunded) -> sql.update(insert, key.subject(),
          key.step(), content.toString(), phase.number(), at, Long.parseLong(entry), paid.gwei(), refunded.gwei(), "");
      case Bridge.Refused(_, var why) -> sql.update(insert, key.subject(), key.step(), content.toString(), 0, 0L, 0L,
          0L, 0L, RefusalText.write(why));
    }
  }

  private static Stored stored(ResultSet row) throws SQLException {
    var subject = row.getString("subject");
    var content = Bytes32.parse(row.getString("content"));
    var refusal = row.getString("refusal");
    return refusal.isEmpty()
        ? new Stored(new Bridge.Receipt(subject, DealPhase.of(row.getInt("phase")), row.getLong("at_time"),
            row.getString("entry"), Lp.gwei(row.getLong("paid")), Lp.gwei(row.getLong("refunded"))), content)
        : new Stored(new Bridge.Refused(subject, RefusalText.read(refusal)), content);
  }

  Optional<Slot> slot(JobId job) throws SQLException {
    return sql.one("select * from ledger.slot where job = ?", SlotRow::read, job.toString());
  }

  /// The slot whose latest deal this is.
  Optional<Slot> slot(DealId deal) throws SQLException {
    return sql.one("select * from ledger.slot where deal = ?", SlotRow::read, deal.toString());
  }

  void write(Slot slot) throws SQLException {
    SlotRow.write(sql, slot);
  }

  Account account(String holder) throws SQLException {
    return sql.one("select free, locked, leaving, leaving_at from ledger.account where holder = ?",
        row -> new Account(row.getLong("free"), row.getLong("locked"), row.getLong("leaving"),
            row.getLong("leaving_at")),
        holder).orElse(new Account(0, 0, 0, 0));
  }

  /// What is kept for jobs that wait, except one, in gwei of LP. A job whose deal is live has its money locked instead.
  long reserved(Address creator, JobId except, long now) throws SQLException {
    return sql.one(COUNTING, row -> row.getBigDecimal(1), creator.toString(), now, except.toString())
        .map(sum -> sum.min(ALL).longValueExact()).orElse(0L);
  }

  LedgerRules.Funds funds(Address account, JobId job, long now) throws SQLException {
    return new LedgerRules.Funds(account, account(account.toString()).free(), reserved(account, job, now));
  }

  /// Writes one double entry: its legs, and the balances they change.
  void post(long entry, Intent.Key key, List<Posting> postings) throws SQLException {
    int leg = 0;
    for (var posting : postings) {
      if (posting.gwei() != 0) {
        sql.update("insert into ledger.posting values (?, ?, ?, ?, ?, ?, ?)", entry, leg++, key.subject(), key.step(),
            posting.holder(), posting.kind().name(), posting.gwei());
        add(posting);
      }
    }
  }

  private void add(Posting posting) throws SQLException {
    long free = posting.kind() == Posting.Kind.FREE ? posting.gwei() : 0;
    long locked = posting.kind() == Posting.Kind.LOCKED ? posting.gwei() : 0;
    long leaving = posting.kind() == Posting.Kind.LEAVING ? posting.gwei() : 0;
    int found = sql.update("""
        update ledger.account set free = free + ?, locked = locked + ?, leaving = leaving + ? where holder = ?""",
        free, locked, leaving, posting.holder());
    if (found == 0) {
      sql.update("insert into ledger.account (holder, free, locked, leaving) values (?, ?, ?, ?)", posting.holder(),
          free, locked, leaving);
    }
  }

  void leavesAt(Address account, long at) throws SQLException {
    sql.update("update ledger.account set leaving_at = ? where holder = ?", at, account.toString());
  }

  void setAgent(Intent.SetAgent intent) throws SQLException {
    var provider = intent.provider().toString();
    var agent = intent.agent().toString();
    if (sql.update("update ledger.agent set expiry = ? where provider = ? and agent = ?", intent.expiry(), provider,
        agent) == 0) {
      sql.update("insert into ledger.agent values (?, ?, ?)", provider, agent, intent.expiry());
    }
  }

  /// For whom somebody may sign now, beside himself.
  Set<Address> principals(Address agent, long now) throws SQLException {
    return Set.copyOf(sql.all("select provider from ledger.agent where agent = ? and expiry >= ?",
        row -> Address.parse(row.getString(1)), agent.toString(), now));
  }

  Optional<Bridge.Receipt> reservation(JobId job) throws SQLException {
    return sql.one("select at_time, entry from ledger.reservation where job = ?",
        row -> receipt(job, row.getLong("at_time"), row.getLong("entry")), job.toString());
  }

  Bridge.Receipt reserve(Intent.Reserve intent, long now, long entry) throws SQLException {
    var offer = intent.offer().word();
    sql.update("insert into ledger.reservation values (?, ?, ?, ?, ?, ?)", intent.job().toString(),
        offer.creator().toString(), LedgerRules.budget(offer), offer.validUntil(), now, entry);
    return receipt(intent.job(), now, entry);
  }

  void unreserve(JobId job) throws SQLException {
    sql.update("delete from ledger.reservation where job = ?", job.toString());
  }

  void dropReservationsEndedBefore(long now) throws SQLException {
    sql.update("delete from ledger.reservation where valid_until < ?", now);
  }

  static Bridge.Receipt receipt(JobId job, long at, long entry) {
    return new Bridge.Receipt(job.toString(), DealPhase.NEGOTIATING, at, Long.toString(entry), Lp.ZERO, Lp.ZERO);
  }

  /// The ledger's clock and counter of entries. Locks them until the transaction ends.
  Clock lock() throws SQLException {
    return sql.one("select ledger_time, entry from ledger.meta where id = 1 for update",
        row -> new Clock(row.getLong("ledger_time"), row.getLong("entry")))
        .orElseThrow(() -> new Defect("ledger.meta: no row (expected: one)"));
  }

  void advance(Clock clock) throws SQLException {
    sql.update("update ledger.meta set ledger_time = ?, entry = ? where id = 1", clock.time(), clock.entry());
  }

  /// Where the ledger stands.
  ///
  /// @param time ledger seconds, never less than before
  /// @param entry number of the last entry
  record Clock(long time, long entry) {}
}
