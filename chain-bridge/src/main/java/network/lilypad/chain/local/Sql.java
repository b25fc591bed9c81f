package network.lilypad.chain.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Statements on one connection, each prepared once. Not thread-safe; closing it leaves the connection open.
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Sql(Connection connection) {
    this.connection = connection;
  }

  /// Reads the row under the cursor.
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> all(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (var results = bind(sql, parameters).executeQuery()) {
      var found = new ArrayList<T>();
      while (results.next()) {
        found.add(row.read(results));
      }
      return found;
    }
  }

  <T> Optional<T> one(String sql, Row<T> row, Object... parameters) throws SQLException {
    return all(sql, row, parameters).stream().findFirst();
  }

  /// The number of rows changed.
  int update(String sql, Object... parameters) throws SQLException {
    return bind(sql, parameters).executeUpdate();
  }

  private PreparedStatement bind(String sql, Object... parameters) throws SQLException {
    var statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override public void close() throws SQLException {
    for (var statement : prepared.values()) {
      statement.close();
    }
  }
}
