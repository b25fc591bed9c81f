package network.lilypad.chain.local;

import java.sql.ResultSet;
import java.sql.SQLException;

import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// A slot as a row. What a phase does not know stays as it was, zero at first.
final class SlotRow {
  private static final String OPEN = """
      update ledger.slot set deal = ?, attempt = ?, phase = 1, creator = ?, acceptor = ?, solver = ?, provider = ?,
        panel = ?, price = ?, collateral = ?, run_seconds = ?, review_seconds = ?, submit_by = ?, opened_at = ?,
        submitted_at = 0, checked_at = 0, bond = 0, commitment = ?, cost = 0, ended_at = 0, paid = 0, refunded = 0
      where job = ?""";
  private static final String CREATE = """
      insert into ledger.slot (deal, attempt, phase, creator, acceptor, solver, provider, panel, price, collateral,
        run_seconds, review_seconds, submit_by, opened_at, submitted_at, commitment, cost, ended_at, paid, refunded,
        job)
      values (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, ?)""";
  private static final String SUBMIT = """
      update ledger.slot set phase = 2, submitted_at = ?, commitment = ?, cost = ? where job = ?""";
  private static final String CHECK = """
      update ledger.slot set phase = 4, checked_at = ?, bond = ? where job = ?""";
  private static final String END = """
      update ledger.slot set phase = ?, ended_at = ?, paid = ?, refunded = ? where deal = ?""";

  private SlotRow() {}

  static void write(Sql sql, Slot slot) throws SQLException {
    var job = slot.terms().job().toString();
    switch (slot) {
      case Slot.Agreed(var terms, var openedAt) -> open(sql, terms, openedAt);
      case Slot.Submitted(_, _, var at, var commitment, var cost) -> sql.update(SUBMIT, at, commitment.toString(),
          cost.gwei(), job);
      case Slot.Checked checked -> sql.update(CHECK, checked.checkedAt(), checked.bond().gwei(), job);
      case Slot.Ended ended -> {
        if (end(sql, ended) == 0) {
          open(sql, ended.terms(), ended.endedAt());
          end(sql, ended);
        }
      }
    }
  }

  private static void open(Sql sql, Slot.Terms terms, long openedAt) throws SQLException {
    var row = opened(terms, openedAt);
    if (sql.update(OPEN, row) == 0) {
      sql.update(CREATE, row);
    }
  }

  /// A deal that is paid in the step that opens it has no row yet.
  private static int end(Sql sql, Slot.Ended slot) throws SQLException {
    return sql.update(END, slot.phase().number(), slot.endedAt(), slot.paid().gwei(), slot.refunded().gwei(),
        slot.terms().deal().toString());
  }

  private static Object[] opened(Slot.Terms terms, long openedAt) {
    return new Object[]{terms.deal().toString(), terms.attempt(), terms.creator().toString(),
        terms.acceptor().toString(), terms.solver().toString(), terms.provider().toString(), terms.panel().toString(),
        terms.price().gwei(), terms.collateral().gwei(), terms.runSeconds(), terms.reviewSeconds(), terms.submitBy(),
        openedAt,
        Bytes32.ZERO.toString(), terms.job().toString()};
  }

  static Slot read(ResultSet row) throws SQLException {
    var terms = terms(row);
    var phase = DealPhase.of(row.getInt("phase"));
    return switch (phase) {
      case AGREED -> new Slot.Agreed(terms, row.getLong("opened_at"));
      case RESULTS_SUBMITTED -> new Slot.Submitted(terms, row.getLong("opened_at"), row.getLong("submitted_at"),
          Bytes32.parse(row.getString("commitment")), Lp.gwei(row.getLong("cost")));
      case RESULTS_CHECKED -> new Slot.Checked(terms, row.getLong("opened_at"), row.getLong("submitted_at"),
          row.getLong("checked_at"), Bytes32.parse(row.getString("commitment")), Lp.gwei(row.getLong("cost")),
          Lp.gwei(row.getLong("bond")));
      default -> new Slot.Ended(terms, phase, row.getLong("ended_at"), Lp.gwei(row.getLong("paid")),
          Lp.gwei(row.getLong("refunded")));
    };
  }

  private static Slot.Terms terms(ResultSet row) throws SQLException {
    return new Slot.Terms(JobId.parse(row.getString("job")), row.getInt("attempt"),
        Address.parse(row.getString("creator")), Address.parse(row.getString("acceptor")),
        Address.parse(row.getString("solver")), Address.parse(row.getString("provider")),
        Bytes32.parse(row.getString("panel")),
        Lp.gwei(row.getLong("price")), Lp.gwei(row.getLong("collateral")), row.getInt("run_seconds"),
        row.getInt("review_seconds"), row.getLong("submit_by"));
  }
}
