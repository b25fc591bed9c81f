package network.lilypad.node.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import network.lilypad.actors.job.Job;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.JobId;

/// Every job by its creator, newest first. Written by the gateway that posted a job, so that it is listed at once, and
/// by the projection, so that it is listed whatever happens; in any order. Thread-safe. Blocks.
public final class JobList {
  private static final String ROW = "select job, posted_at, outcome from job_list where creator = ? and ";
  private static final String ORDER = " order by posted_at desc, job desc limit ";

  private final DataSource database;

  /// @param database with the node's tables
  public JobList(DataSource database) {
    this.database = database;
  }

  /// A job in the list.
  ///
  /// @param postedAt ledger seconds
  /// @param outcome how it ended; empty while it has not
  public record Entry(JobId job, long postedAt, Optional<Job.Outcome> outcome) {
    /// Where the list goes on after this job.
    public String cursor() {
      return postedAt + ":" + job;
    }
  }

  /// Which jobs of a creator.
  public enum Which {
    /// All.
    ALL("outcome >= 0"),
    /// Those that have not ended.
    LIVE("ended_at = 0"),
    /// With a paid result.
    DONE("outcome = " + Job.Outcome.DONE.number()),
    /// Without one after their attempts.
    FAILED("outcome = " + Job.Outcome.FAILED.number()),
    /// Stopped.
    CANCELLED("outcome = " + Job.Outcome.CANCELLED.number()),
    /// Taken by nobody.
    EXPIRED("outcome = " + Job.Outcome.EXPIRED.number());

    private final String condition;

    Which(String condition) {
      this.condition = condition;
    }

    /// The rows that can be in a phase; an empty phase means all.
    ///
    /// @return empty if no job is ever in that phase
    public static Optional<Which> phase(String phase) {
      return switch (phase) {
        case "" -> Optional.of(ALL);
        case "Open", "Claimed", "Closing" -> Optional.of(LIVE);
        case "Done" -> Optional.of(DONE);
        case "Failed" -> Optional.of(FAILED);
        case "Cancelled" -> Optional.of(CANCELLED);
        case "Expired" -> Optional.of(EXPIRED);
        default -> Optional.empty();
      };
    }
  }

  /// A job was posted.
  public void posted(JobId job, Address creator, long postedAt) {
    Sql.transaction(database, sql -> posted(sql, job, creator, postedAt));
  }

  static boolean posted(Sql sql, JobId job, Address creator, long postedAt) throws SQLException {
    return sql.update("update job_list set creator = ?, posted_at = ? where job = ?", creator.toString(), postedAt,
        job.toString()) > 0
        || sql.update("insert into job_list values (?, ?, ?, 0, 0)", job.toString(), creator.toString(), postedAt) > 0;
  }

  static boolean ended(Sql sql, JobId job, Job.Outcome outcome, long endedAt) throws SQLException {
    return sql.update("update job_list set outcome = ?, ended_at = ? where job = ?", outcome.number(), endedAt,
        job.toString()) > 0
        || sql.update("insert into job_list values (?, '', 0, ?, ?)", job.toString(), outcome.number(), endedAt) > 0;
  }

  /// How many of a creator's jobs have not ended.
  public int unsettled(Address creator) {
    return Sql.transaction(database, sql -> sql.one("select count(*) from job_list where creator = ? and ended_at = 0",
        row -> row.getInt(1), creator.toString()).orElse(0));
  }

  /// A page of a creator's jobs.
  ///
  /// @param cursor the last entry of the page before; empty: from the newest
  /// @param size at most so many
  /// @throws IllegalArgumentException if the cursor is none
  public List<Entry> page(Address creator, Which which, String cursor, int size) {
    var parameters = new ArrayList<Object>(List.of(creator.toString()));
    var after = "true";
    if (!cursor.isEmpty()) {
      var before = cursor(cursor);
      after = "(posted_at < ? or (posted_at = ? and job < ?))";
      parameters.addAll(List.of(before.postedAt, before.postedAt, before.job.toString()));
    }
    var query = ROW + which.condition + " and " + after + ORDER + size;
    return Sql.transaction(database, sql -> sql.all(query, JobList::entry, parameters.toArray()));
  }

  private static Entry cursor(String text) {
    int colon = text.indexOf(':');
    try {
      return new Entry(JobId.parse(text.substring(colon + 1)), Long.parseLong(text.substring(0, Math.max(0, colon))),
          Optional.empty());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("cursor: " + text + " (expected: a next_cursor)", e);
    }
  }

  private static Entry entry(ResultSet row) throws SQLException {
    int outcome = row.getInt(3);
    return new Entry(JobId.parse(row.getString(1)), row.getLong(2),
        outcome == 0 ? Optional.empty() : Optional.of(Job.Outcome.of(outcome)));
  }
}
