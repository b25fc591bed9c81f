package network.lilypad.node.up;

import javax.sql.DataSource;
import org.apache.pekko.actor.setup.Setup;

/// Hands the node's database to the journal plugin of its actor system.
final class DatabaseSetup extends Setup {
  private final DataSource database;
  private final int maxConnections;

  /// @param maxConnections how many of its connections the journal may use at once
  DatabaseSetup(DataSource database, int maxConnections) {
    this.database = database;
    this.maxConnections = maxConnections;
  }

  DataSource database() {
    return database;
  }

  int maxConnections() {
    return maxConnections;
  }
}
