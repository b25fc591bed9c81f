package network.lilypad.node.up;

import com.typesafe.config.Config;
import network.lilypad.protocol.Defect;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickDatabaseProvider;
import scala.Option;
import slick.jdbc.H2Profile$;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;
import slick.util.AsyncExecutor;

/// Journal, snapshots and queries on the node's one database, instead of a pool for each. Named in the configuration,
/// made by the journal plugin.
public final class SharedDatabase implements SlickDatabaseProvider {
  /// Statements that may wait for a connection: far more than the journal's own buffer of batches makes.
  private static final int QUEUE = 10_000;

  private final SlickDatabase shared;

  /// @param system started with a [DatabaseSetup]
  public SharedDatabase(ActorSystem system) {
    var setup = system.settings().setup().get(DatabaseSetup.class)
        .orElseThrow(() -> new Defect("actor system: no database (expected: started by a node)"));
    int connections = setup.maxConnections();
    var executor = AsyncExecutor.apply("journal", connections, connections, QUEUE, connections);
    JdbcDatabaseDef database = H2Profile$.MODULE$.backend().Database().forDataSource(setup.database(),
        Option.apply(connections), executor, false);
    this.shared = new Shared(database);
  }

  @Override public SlickDatabase database(Config config) {
    return shared;
  }

  /// The node closes its database itself.
  private record Shared(JdbcDatabaseDef database) implements SlickDatabase {
    @Override public JdbcProfile profile() {
      return H2Profile$.MODULE$;
    }

    @Override public boolean allowShutdown() {
      return false;
    }
  }
}
