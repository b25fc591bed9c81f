package network.lilypad.node.read;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.value.DealId;

/// The marks of [LogClock], kept by the gateways that hear the output. For people: a mark that is lost costs precision,
/// no output. Thread-safe. Blocks.
public final class LogMarks {
  /// Longer than the longest run and what is usually kept of it.
  static final int KEPT_SECONDS = 30 * 24 * 3600;

  private final DataSource database;

  /// @param database with the node's tables
  public LogMarks(DataSource database) {
    this.database = database;
  }

  /// Keeps a mark. The first of each [LogClock#COARSE_SECONDS] stays; the others go when they are older than
  /// [LogClock#FINE_SECONDS].
  public void put(DealId deal, boolean stderr, LogClock.Mark mark) {
    Sql.transaction(database, sql -> {
      var slot = mark.at() - mark.at() % LogClock.COARSE_SECONDS;
      boolean coarse = sql.one("select 1 from log_mark where deal = ? and stderr = ? and at_time >= ? limit 1",
          _ -> true, deal.toString(), stderr, slot).isEmpty();
      if (coarse) {
        thin(sql, deal, mark.at());
      }
      if (sql.one("select 1 from log_mark where deal = ? and stderr = ? and byte_offset = ?", _ -> true,
          deal.toString(), stderr, mark.offset()).isEmpty()) {
        sql.update("insert into log_mark values (?, ?, ?, ?, ?)", deal.toString(), stderr, mark.offset(), mark.at(),
            coarse);
      }
      return true;
    });
  }

  private static void thin(Sql sql, DealId deal, long now) throws SQLException {
    sql.update("delete from log_mark where deal = ? and not coarse and at_time < ?", deal.toString(),
        now - LogClock.FINE_SECONDS);
    sql.update("delete from log_mark where at_time < ?", now - KEPT_SECONDS);
  }

  /// What is known of a run.
  ///
  /// @param begun ledger time at which it began, 0 if nobody said
  public LogClock of(DealId deal, long begun) {
    return Sql.transaction(database, sql -> new LogClock(begun, marks(sql, deal, false), marks(sql, deal, true)));
  }

  private static List<LogClock.Mark> marks(Sql sql, DealId deal, boolean stderr) throws SQLException {
    return sql.all("select byte_offset, at_time from log_mark where deal = ? and stderr = ? order by byte_offset",
        row -> new LogClock.Mark(row.getLong(1), row.getLong(2)), deal.toString(), stderr);
  }
}
