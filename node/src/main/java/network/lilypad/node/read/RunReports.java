package network.lilypad.node.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;

/// What machines said of their runs: unsigned, for people, of each run the newest. Thread-safe. Blocks.
public final class RunReports {
  private final DataSource database;

  /// @param database with the node's tables
  public RunReports(DataSource database) {
    this.database = database;
  }

  /// Keeps a report unless a newer one of the run is known; what it says of a partial tree is not listened to. One at a
  /// time: two first reports of a run would both find none.
  public synchronized void put(DealId deal, RunReport report) {
    Sql.transaction(database, sql -> {
      var known = known(sql, deal);
      var kept = report.toBuilder().setPartial(known.map(RunReport::getPartial).orElse(ByteString.EMPTY)).build();
      return known.isEmpty() ? insert(sql, deal, kept)
          : sql.update("update run_report set sequence = ?, report = ? where deal = ? and sequence < ?",
              kept.getSequence(), kept.toByteArray(), deal.toString(), kept.getSequence()) > 0;
    });
  }

  /// Keeps what a cancelled run had written; the first tree stands.
  ///
  /// @return the root that stands
  public synchronized Bytes32 keep(DealId deal, Bytes32 partial) {
    return Sql.transaction(database, sql -> {
      var known = known(sql, deal);
      if (known.isPresent() && !known.get().getPartial().isEmpty()) {
        return Bytes32.of(known.get().getPartial().toByteArray());
      }
      var kept = known.orElse(RunReport.getDefaultInstance()).toBuilder()
          .setPartial(ByteString.copyFrom(partial.bytes())).build();
      if (known.isEmpty()) {
        insert(sql, deal, kept);
      } else {
        sql.update("update run_report set report = ? where deal = ?", kept.toByteArray(), deal.toString());
      }
      return partial;
    });
  }

  private static boolean insert(Sql sql, DealId deal, RunReport report) throws SQLException {
    return sql.update("insert into run_report values (?, ?, ?)", deal.toString(), report.getSequence(),
        report.toByteArray()) > 0;
  }

  private static Optional<RunReport> known(Sql sql, DealId deal) throws SQLException {
    return sql.one("select report from run_report where deal = ?", row -> row.getBytes(1), deal.toString())
        .map(RunReports::read);
  }

  /// The newest report of a run.
  public Optional<RunReport> find(DealId deal) {
    return Sql.transaction(database, sql -> known(sql, deal));
  }

  /// What a run that its creator cancelled had written, if it was kept.
  public Optional<Bytes32> partial(DealId deal) {
    return find(deal).map(RunReport::getPartial).filter(root -> !root.isEmpty())
        .map(root -> Bytes32.of(root.toByteArray()));
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
