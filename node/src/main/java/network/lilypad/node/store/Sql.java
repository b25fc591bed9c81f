package network.lilypad.node.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Statements on one connection, within one transaction. Confined to it.
public final class Sql {
  private static final String UNIQUE_VIOLATION = "23505";

  private final Connection connection;

  private Sql(Connection connection) {
    this.connection = connection;
  }

  /// Work in one transaction: all of it happens, or nothing.
  public interface Work<T> {
    /// @throws SQLException if the database does not do it; the transaction is rolled back
    T in(Sql sql) throws SQLException;
  }

  /// Reads the row under the cursor.
  public interface Row<T> {
    /// @throws SQLException if the column is not there
    T read(ResultSet row) throws SQLException;
  }

  /// Runs work in a transaction of its own, once more if another writer made the same row first. Blocks.
  ///
  /// @throws StoreUnavailableException if the database does not answer
  public static <T> T transaction(DataSource database, Work<T> work) {
    try {
      return once(database, work);
    } catch (SQLException e) {
      if (!taken(e)) {
        throw new StoreUnavailableException("database", e);
      }
    }
    try {
      return once(database, work);
    } catch (SQLException e) {
      throw new StoreUnavailableException("database", e);
    }
  }

  /// Whether a statement failed because the row is there already.
  static boolean taken(SQLException e) {
    return UNIQUE_VIOLATION.equals(e.getSQLState());
  }

  private static <T> T once(DataSource database, Work<T> work) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(new Sql(connection));
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /// Every row.
  public <T> List<T> all(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (var statement = prepared(sql, parameters); var results = statement.executeQuery()) {
      var found = new ArrayList<T>();
      while (results.next()) {
        found.add(row.read(results));
      }
      return found;
    }
  }

  /// The first row.
  public <T> Optional<T> one(String sql, Row<T> row, Object... parameters) throws SQLException {
    return all(sql, row, parameters).stream().findFirst();
  }

  /// The number of rows changed.
  public int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (var statement = prepared(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /// The parameters that stand for a value.
  public interface Parameters<T> {
    /// In the order of the statement.
    @Nullable Object[] of(T value);
  }

  /// Runs a statement for each of some values, which is less work than one by one.
  ///
  /// @return the number of rows that each changed
  public <T> int[] updates(String sql, List<T> values, Parameters<T> parameters) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var value : values) {
        fill(statement, parameters.of(value));
        statement.addBatch();
      }
      return values.isEmpty() ? new int[0] : statement.executeBatch();
    }
  }

  private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
    var statement = connection.prepareStatement(sql);
    fill(statement, parameters);
    return statement;
  }

  private static void fill(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
