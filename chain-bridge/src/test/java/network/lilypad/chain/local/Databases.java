package network.lilypad.chain.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcConnectionPool;

/// Databases for tests, of the kind an embedded node has.
public final class Databases {
  private static final AtomicLong COUNT = new AtomicLong();

  private Databases() {}

  /// A fresh database in memory, gone with the JVM.
  public static DataSource memory() {
    return pool("mem:ledger" + COUNT.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
  }

  /// The database in a folder, as durable as the node's.
  static JdbcConnectionPool file(Path folder) {
    return pool("file:" + folder.resolve("node") + ";WRITE_DELAY=0;LOCK_TIMEOUT=200");
  }

  private static JdbcConnectionPool pool(String where) {
    return JdbcConnectionPool.create("jdbc:h2:" + where, "sa", "");
  }
}
