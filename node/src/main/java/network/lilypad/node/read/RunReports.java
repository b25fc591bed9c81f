package network.lilypad.node.read;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import javax.sql.DataSource;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.DealId;

/// What machines said of their runs: unsigned, for people, of each run the newest. Thread-safe. Blocks.
public final class RunReports {
  private final DataSource database;

  /// @param database with the node's tables
  public RunReports(DataSource database) {
    this.database = database;
  }

  /// Keeps a report unless a newer one of the run is known. One at a time: two first reports of a run would both find
  /// none.
  public synchronized void put(DealId deal, RunReport report) {
    var bytes = report.toByteArray();
    Sql.transaction(database, sql -> sql.update(
        "update run_report set sequence = ?, report = ? where deal = ? and sequence < ?", report.getSequence(), bytes,
        deal.toString(), report.getSequence()) > 0
        || sql.one("select 1 from run_report where deal = ?", _ -> true, deal.toString()).isPresent()
        || sql.update("insert into run_report values (?, ?, ?)", deal.toString(), report.getSequence(), bytes) > 0);
  }

  /// The newest report of a run.
  public Optional<RunReport> find(DealId deal) {
    return Sql.transaction(database, sql -> sql.one("select report from run_report where deal = ?",
        row -> row.getBytes(1), deal.toString())).map(RunReports::read);
  }

  /// Nobody but us wrote it, but it is not worth a failure.
  private static RunReport read(byte[] bytes) {
    try {
      return RunReport.parseFrom(bytes);
    } catch (InvalidProtocolBufferException _) {
      return RunReport.getDefaultInstance();
    }
  }
}
