package network.lilypad.chain.local;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import javax.sql.DataSource;

import network.lilypad.chain.Intent;
import network.lilypad.chain.Settlement;
import network.lilypad.chain.SettlementUnavailableException;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;

/// The embedded ledger: a double-entry book in the node's own database, and the executable model of the contract.
///
/// A batch is one SQL transaction. It first locks the one row of `ledger.meta`, so that two bridges on one database
/// take turns and the later one sees what the earlier one wrote. Ledger time is the node's clock, made monotone in
/// that row. Signatures are verified again here.
///
/// Receipts are as durable as the database's commit: H2 needs `WRITE_DELAY=0`.
public final class LocalLedger implements Settlement {
  /// The chain id of every embedded ledger; its genesis id tells it from others.
  public static final long CHAIN_ID = 0;
  static final JobId NO_JOB = new JobId(Bytes32.ZERO);

  private final DataSource database;
  private final InstantSource clock;
  private final Signatures signatures;
  private final AtomicLong latest = new AtomicLong();

  private LocalLedger(DataSource database, InstantSource clock, Domain domain) {
    this.database = database;
    this.clock = clock;
    this.signatures = new Signatures(domain);
  }

  /// Opens the ledger in a database, and founds it there at the first start.
  ///
  /// @param database H2 or PostgreSQL, the node's own
  /// @param clock the node's clock
  /// @param random where the genesis id comes from, asked only at the foundation
  /// @throws SettlementUnavailableException if the database does not answer; opening it again is safe
  public static LocalLedger open(DataSource database, InstantSource clock, RandomGenerator random) {
    return new LocalLedger(database, clock, write(database, sql -> {
      Schema.create(sql);
      return domain(genesis(sql, random));
    }));
  }

  /// The same ledger under somebody else's domain: a model of the contract that has it.
  static LocalLedger modelOf(Domain domain, DataSource database, InstantSource clock) {
    write(database, sql -> {
      Schema.create(sql);
      return genesis(sql, new SplittableRandom(0));
    });
    return new LocalLedger(database, clock, domain);
  }

  private static Bytes32 genesis(Sql sql, RandomGenerator random) throws SQLException {
    var found = sql.one("select genesis from ledger.meta where id = 1", row -> Bytes32.parse(row.getString(1)));
    if (found.isPresent()) {
      return found.get();
    }
    var genesis = new byte[32];
    random.nextBytes(genesis);
    sql.update("insert into ledger.meta values (1, ?, 0, 0)", Bytes32.of(genesis).toString());
    return Bytes32.of(genesis);
  }

  private static Domain domain(Bytes32 genesis) {
    return new Domain(CHAIN_ID, Address.of(Arrays.copyOf(Keccak256.hash(genesis.bytes()).bytes(), 20)));
  }

  @Override public Domain domain() {
    return signatures.domain();
  }

  @Override public List<Bridge.Reply> settle(List<Intent> intents) {
    Defect.unless(intents.size() <= MAX_BATCH, "batch: " + intents.size() + " (expected: at most " + MAX_BATCH + ")");
    return write(database, sql -> {
      var books = new Books(sql);
      var before = books.lock();
      var batch = new Batch(books, signatures, new Books.Clock(atLeast(before.time()), before.entry()));
      books.dropReservationsEndedBefore(batch.end().time());
      var replies = new ArrayList<Bridge.Reply>(intents.size());
      for (var intent : intents) {
        replies.add(batch.settle(intent));
      }
      books.advance(batch.end());
      return List.copyOf(replies);
    });
  }

  @Override public Bridge.Reply deal(DealId deal) {
    return read(sql -> new Books(sql).latest(deal).orElseGet(
        () -> new Bridge.Refused(deal.toString(), new Rejection.NotFound("deal", deal.toString()))));
  }

  @Override public Bridge.Balance balance(Address account) {
    return read(sql -> {
      var books = new Books(sql);
      var held = books.account(account.toString());
      long reserved = Math.min(held.free(), books.reserved(account, NO_JOB, time(sql)));
      return new Bridge.Balance(account, Lp.gwei(held.free() - reserved), Lp.gwei(reserved), Lp.gwei(held.locked()));
    });
  }

  @Override public long ledgerTime() {
    return read(this::time);
  }

  @Override public Totals totals() {
    return read(sql -> {
      var books = new Books(sql);
      var accounts = sql.one("""
          select coalesce(sum(free), 0), coalesce(sum(locked), 0), coalesce(sum(leaving), 0) from ledger.account
          where holder not in ('pool', 'issued')""",
          row -> new Books.Account(row.getLong(1), row.getLong(2), row.getLong(3), 0)).orElseThrow();
      return new Totals(Lp.gwei(accounts.free()), Lp.gwei(accounts.locked()), Lp.gwei(accounts.leaving()),
          Lp.gwei(books.account(Posting.POOL).free()), Lp.gwei(-books.account(Posting.ISSUED).free()));
    });
  }

  private long time(Sql sql) throws SQLException {
    return atLeast(sql.one("select ledger_time from ledger.meta where id = 1", row -> row.getLong(1)).orElse(0L));
  }

  private long atLeast(long stored) {
    return latest.accumulateAndGet(Math.max(stored, clock.instant().getEpochSecond()), Math::max);
  }

  private interface Work<T> {
    T in(Sql sql) throws SQLException;
  }

  /// Writers take turns by the lock of `ledger.meta` and must see what the one before has written: read committed.
  /// Readers see one moment: repeatable read.
  private static <T> T inTransaction(DataSource database, int isolation, Work<T> work) {
    try (var connection = database.getConnection()) {
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(false);
      try (var sql = new Sql(connection)) {
        T result = work.in(sql);
        connection.commit();
        return result;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new SettlementUnavailableException("local ledger", e);
    }
  }

  private <T> T read(Work<T> work) {
    return inTransaction(database, Connection.TRANSACTION_REPEATABLE_READ, work);
  }

  private static <T> T write(DataSource database, Work<T> work) {
    return inTransaction(database, Connection.TRANSACTION_READ_COMMITTED, work);
  }
}
