package network.lilypad.node.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.job.Job;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;

/// What every attempt brought its provider, newest first. Written by the projection, in any order and any number of
/// times. Thread-safe. Blocks.
public final class EarningList {
  /// More is no list for people; the ledger has them all.
  public static final int ROWS_MAX = 10_000;

  private final DataSource database;

  /// @param database with the node's tables
  public EarningList(DataSource database) {
    this.database = database;
  }

  /// An attempt that has ended.
  ///
  /// @param module digest of the job's spec; zero if its offer is not known here
  /// @param cause why it ended
  /// @param paid what the provider got beyond its collateral
  /// @param stake its collateral, lost if the cause is a slash
  /// @param at ledger seconds
  public record Entry(Bytes32 module, Cause cause, Lp paid, Lp stake, long at) {
    /// Whether the collateral was lost.
    public boolean slashed() {
      return cause == Cause.NO_RESULT || cause == Cause.VERDICT_BAD;
    }
  }

  static void posted(Sql sql, JobId job, JobOffer offer) throws SQLException {
    if (sql.one("select 1 from job_stake where job = ?", _ -> true, job.toString()).isEmpty()) {
      sql.update("insert into job_stake values (?, ?, ?)", job.toString(), offer.work().module().toString(),
          offer.minCollateral().gwei());
    }
  }

  static void ended(Sql sql, JobId job, int attempt, Job.Ending ending, long at) throws SQLException {
    boolean somebody = !ending.provider().isZero() && ending.cause().counted();
    if (somebody && sql.one("select 1 from earning where job = ? and attempt = ?", _ -> true, job.toString(), attempt)
        .isEmpty()) {
      sql.update("insert into earning values (?, ?, ?, ?, ?, ?)", job.toString(), attempt, ending.provider().toString(),
          ending.cause().number(), ending.paid().gwei(), at);
    }
  }

  /// A provider's attempts that ended since a time, the newest [#ROWS_MAX] of them.
  ///
  /// @param from ledger seconds
  public List<Entry> of(Address provider, long from) {
    return Sql.transaction(database, sql -> sql.all("""
        select coalesce(s.module, ''), e.cause, e.paid, coalesce(s.stake, 0), e.at_time from earning e
        left join job_stake s on s.job = e.job where e.provider = ? and e.at_time >= ?
        order by e.at_time desc, e.job limit\s""" + ROWS_MAX, EarningList::entry, provider.toString(), from));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    var module = row.getString(1);
    return new Entry(module.isEmpty() ? Bytes32.ZERO : Bytes32.parse(module), Cause.of(row.getInt(2)),
        Lp.gwei(row.getLong(3)), Lp.gwei(row.getLong(4)), row.getLong(5));
  }
}
