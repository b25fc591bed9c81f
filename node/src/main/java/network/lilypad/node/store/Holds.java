package network.lilypad.node.store;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import javax.sql.DataSource;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;

/// What jobs need of the content. A job's programs, inputs and results are held from before they are looked for until
/// the job has ended and the retention is over; whoever holds something first and then finds it here will find it here
/// until then. Thread-safe. Blocks the calling thread.
public final class Holds {
  private final DataSource database;
  private final InstantSource clock;

  Holds(DataSource database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// One thing that is held.
  ///
  /// @param number grows with each hold
  /// @param tree whether it is the root of a tree, and not content by itself
  record Held(long number, Bytes32 digest, boolean tree) {}

  /// Holds content for a job.
  ///
  /// @param digests each with whether it is the root of a tree
  public void hold(JobId job, Map<Bytes32, Boolean> digests) {
    long now = clock.instant().getEpochSecond();
    Sql.transaction(database, sql -> {
      lock(sql);
      for (Entry<Bytes32, Boolean> entry : digests.entrySet()) {
        sql.update("""
            insert into held (job, digest, tree, held_at) select ?, ?, ?, ?
            where not exists (select 1 from held where job = ? and digest = ? and tree = ?)""", job.toString(),
            entry.getKey().bytes(), entry.getValue(), now, job.toString(), entry.getKey().bytes(), entry.getValue());
      }
      return true;
    });
  }

  /// Waits for everybody else who holds or sweeps; ends with the transaction.
  static void lock(Sql sql) throws SQLException {
    if (sql.update("update sweep_lock set turn = turn + 1 where id = 1") == 0) {
      sql.update("insert into sweep_lock values (1, 1)");
    }
  }

  /// Ends the holds of jobs that ended before a second, and of jobs that never came to be.
  static void release(Sql sql, long before) throws SQLException {
    sql.update("""
        delete from held where held_at < ? and not exists (
          select 1 from job_list where job_list.job = held.job and (ended_at = 0 or ended_at >= ?))""", before, before);
  }

  /// Everything held after a number.
  static List<Held> after(Sql sql, long number) throws SQLException {
    return sql.all("select number, digest, tree from held where number > ? order by number",
        row -> new Held(row.getLong(1), Bytes32.of(row.getBytes(2)), row.getBoolean(3)), number);
  }
}
