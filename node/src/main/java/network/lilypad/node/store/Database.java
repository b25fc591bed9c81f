package network.lilypad.node.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import network.lilypad.protocol.Defect;

/// The node's one database: journal, ledger, read side and small content in one H2 file. Its tables are made at the
/// first start; making them again changes nothing, so a start that was cut short is no harm.
///
/// A commit is on the disk when it returns (`WRITE_DELAY=0`). The file is locked: one node per data directory.
public final class Database implements AutoCloseable {
  /// Connections: the journal's threads, the ledger's reads and writer, and a few dozen content calls.
  private static final int MAX_CONNECTIONS = 40;
  /// Waiting longer than this for a connection means that the database is stuck; callers hear `Unavailable`.
  private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;
  private static final String JOURNAL_SCHEMA = "schema/h2/h2-create-schema.sql";

  private static final List<String> TABLES = List.of(
      // Content by its sha2-256: a blob's digest or a block's. Bytes above the inline bound are a file of that name.
      """
          create table if not exists content (
            digest binary(32) primary key, size bigint not null, bytes blob)""",
      // Trees that were walked and found whole.
      """
          create table if not exists tree (
            root binary(32) primary key, blocks int not null, bytes bigint not null)""",
      // Jobs by creator. A row may come from its end before it comes from its beginning.
      """
          create table if not exists job_list (
            job varchar(66) primary key, creator varchar(42) not null, posted_at bigint not null,
            outcome int not null, ended_at bigint not null)""",
      "create index if not exists job_list_creator on job_list (creator, posted_at, job)",
      "create index if not exists job_list_live on job_list (creator, ended_at)",
      // What was last said about each job and machine on the market. Rows that are off it stay without their payload, so
      // that a late word from another tag's stream is known to be old.
      """
          create table if not exists open_offer (
            id varchar(120) primary key, kind varchar(10) not null, sequence bigint not null, listed boolean not null,
            market varchar(66) not null, attempt int not null, excluded varchar(11000) not null, payload blob)""",
      "create index if not exists open_offer_listed on open_offer (market, listed)",
      // What machines said of their runs, for people.
      "create table if not exists run_report (deal varchar(66) primary key, sequence int not null, report blob not null)",
      // What each attempt brought its provider, and what of its job is needed to tell it.
      """
          create table if not exists earning (
            job varchar(66) not null, attempt int not null, provider varchar(42) not null, cause int not null,
            paid bigint not null, at_time bigint not null, primary key (job, attempt))""",
      "create index if not exists earning_provider on earning (provider, at_time)",
      "create table if not exists job_stake (job varchar(66) primary key, module varchar(66) not null, stake bigint not null)",
      // How far the read side has followed each tag.
      "create table if not exists read_offset (tag varchar(40) primary key, sequence bigint not null)");

  private final HikariDataSource pool;
  private final FileChannel lock;

  private Database(HikariDataSource pool, FileChannel lock) {
    this.pool = pool;
    this.lock = lock;
  }

  /// Opens the database of a data directory, and founds it there at the first start. Blocks.
  ///
  /// @throws StoreUnavailableException if it does not open, for example because another node has it open
  public static Database open(Path dataDir) {
    var config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:file:" + dataDir.resolve("lilypad").toAbsolutePath()
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000");
    config.setUsername("sa");
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    config.setInitializationFailTimeout(1);
    config.setPoolName("lilypad");
    try {
      Files.createDirectories(dataDir);
      return open(config, lock(dataDir.resolve("node.lock")));
    } catch (IOException | RuntimeException e) {
      throw new StoreUnavailableException("data directory " + dataDir + " (is another node using it?)", e);
    }
  }

  /// What cannot be opened whole leaves neither lock nor connections behind.
  private static Database open(HikariConfig config, FileChannel lock) throws IOException {
    try {
      var database = new Database(new HikariDataSource(config), lock);
      database.createOrClose();
      return database;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void createOrClose() {
    try {
      create();
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /// Held while the database is open, because H2 itself lets one process open its file twice. Ends with the process.
  private static FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
      channel.close();
      throw new IOException(file + " is locked");
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException(file + " is locked by this process", e);
    }
  }

  /// Connections, to be given back soon.
  public DataSource connections() {
    return pool;
  }

  private void create() {
    Sql.transaction(pool, sql -> {
      for (var statement : Stream.concat(journal().stream(), TABLES.stream()).toList()) {
        sql.update(statement);
      }
      return true;
    });
  }

  /// The journal plugin's own tables, made repeatable.
  private static List<String> journal() {
    try (var script = Database.class.getClassLoader().getResourceAsStream(JOURNAL_SCHEMA)) {
      if (script == null) {
        throw new Defect(JOURNAL_SCHEMA + ": not on the class path (expected: the journal plugin brings it)");
      }
      var text = new String(script.readAllBytes(), StandardCharsets.UTF_8)
          .replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX IF NOT EXISTS ");
      return Stream.of(text.split(";", -1)).map(String::strip).filter(statement -> !statement.isEmpty()).toList();
    } catch (IOException e) {
      throw new StoreUnavailableException(JOURNAL_SCHEMA, e);
    }
  }

  /// Closes every connection, with the last one the file, and gives the data directory back.
  @Override public void close() {
    pool.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new StoreUnavailableException("data directory", e);
    }
  }
}
