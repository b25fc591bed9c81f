package network.lilypad.node.store;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.value.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends content that nobody needs: what no job holds and nobody has stored or counted on within the retention.
///
/// One round marks what is held, then goes through the rest in batches: unknown first, gone after. A batch and a new
/// hold exclude each other, and a batch looks for holds that are new since the marking, so whatever was held and then
/// found is safe. A round that cannot mark everything sweeps nothing. A crash leaves rows that are unknown; the next
/// round ends them. Memory is fixed; several nodes may sweep at once. For one thread.
public final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  /// Rows in one transaction: it holds off new jobs for some milliseconds.
  private static final int BATCH = 500;
  /// An announced file is written within minutes; what is older was left by a crash.
  private static final long ARRIVING_SECONDS_MAX = 3600;

  private final DataSource database;
  private final ContentStore store;
  private final long retentionSeconds;
  private final InstantSource clock;
  private final RandomGenerator random;
  private Marks marks = new Marks(0);
  private long marked;

  /// @param retention how long content is kept after its last use
  Sweeper(DataSource database, ContentStore store, Duration retention, InstantSource clock, RandomGenerator random) {
    this.database = database;
    this.store = store;
    this.retentionSeconds = retention.toSeconds();
    this.clock = clock;
    this.random = random;
  }

  /// What a round ended.
  ///
  /// @param items pieces of content
  /// @param bytes of them
  public record Swept(long items, long bytes) {}

  /// One round. Blocks.
  ///
  /// @throws StoreUnavailableException if database or files do not answer; everything needed is still there
  public Swept round() {
    long now = clock.instant().getEpochSecond();
    long before = now - retentionSeconds;
    boolean any = Sql.transaction(database, sql -> {
      Holds.release(sql, before);
      return sql.one("select 1 from content where stored_at < ? and known and not kept", _ -> true, before).isPresent();
    });
    if (any) {
      marks = new Marks(random.nextLong());
      marked = 0;
      List<Holds.Held> held = Sql.transaction(database, sql -> Holds.after(sql, 0));
      mark(held);
      doom(before);
    }
    return end(now - ARRIVING_SECONDS_MAX);
  }

  private void mark(List<Holds.Held> held) {
    for (var hold : held) {
      marks.add(hold.digest());
      if (hold.tree()) {
        mark(hold.digest());
      }
      marked = hold.number();
    }
  }

  /// A tree that is not whole, which a refused job may have named, is marked as far as it goes.
  private void mark(Bytes32 root) {
    try {
      store.outline(root, cid -> marks.add(cid.digest()));
    } catch (ContentException e) {
      if (e.reason() == Reason.IO) {
        throw new StoreUnavailableException("content of tree " + Cid.ofDirectory(root), e);
      }
    }
  }

  /// Makes everything unknown that is neither marked nor young.
  private void doom(long before) {
    var from = Bytes32.ZERO;
    while (true) {
      var after = from;
      var batch = Sql.transaction(database, sql -> sql.all("select digest from content where digest > ? and known"
          + " and not kept and stored_at < ? order by digest limit " + BATCH, row -> Bytes32.of(row.getBytes(1)),
          after.bytes(), before));
      if (batch.isEmpty()) {
        return;
      }
      while (!doomed(batch, before)) {
        List<Holds.Held> fresh = Sql.transaction(database, sql -> Holds.after(sql, marked));
        mark(fresh);
      }
      from = batch.getLast();
    }
  }

  /// @return false if something new is held that has to be marked first
  private boolean doomed(List<Bytes32> batch, long before) {
    var unmarked = batch.stream().filter(digest -> !marks.has(digest)).toList();
    return Sql.transaction(database, sql -> {
      Holds.lock(sql);
      if (sql.one("select 1 from held where number > ?", _ -> true, marked).isPresent()) {
        return false;
      }
      for (var digest : unmarked) {
        sql.update("delete from tree where root = ?", digest.bytes());
        BroughtRows.forgetTree(sql, digest);
        sql.update("update content set known = false, stored_at = 0 where digest = ? and known and stored_at < ?",
            digest.bytes(), before);
      }
      return true;
    });
  }

  /// Ends what is unknown: the row is locked while its file goes.
  private Swept end(long arrivingBefore) {
    long items = 0;
    long bytes = 0;
    List<Bytes32> batch;
    var failed = new ArrayList<Bytes32>();
    do {
      batch = Sql.transaction(database, sql -> sql.all("select digest from content where not known and stored_at < ?"
          + " order by stored_at limit " + (BATCH + failed.size()), row -> Bytes32.of(row.getBytes(1)),
          arrivingBefore));
      batch = batch.stream().filter(digest -> !failed.contains(digest)).toList();
      for (var digest : batch) {
        long size = end(digest, arrivingBefore, failed);
        items += size < 0 ? 0 : 1;
        bytes += Math.max(size, 0);
      }
    } while (!batch.isEmpty() && failed.size() < BATCH);
    store.recount();
    if (items > 0) {
      LOG.info("swept {} pieces of content, {} bytes", items, bytes);
    }
    return new Swept(items, bytes);
  }

  /// @return its size, or -1 if it stays
  private long end(Bytes32 digest, long before, List<Bytes32> failed) {
    return Sql.transaction(database, sql -> {
      if (sql.update("update content set size = size where digest = ? and not known and stored_at < ?",
          digest.bytes(), before) == 0) {
        return -1L;
      }
      try {
        store.files().delete(digest);
      } catch (IOException e) {
        LOG.warn("content {} cannot be deleted now, a later round tries again", digest, e);
        failed.add(digest);
        return -1L;
      }
      long size = sql.one("select size from content where digest = ?", row -> row.getLong(1), digest.bytes())
          .orElse(0L);
      sql.update("delete from content where digest = ?", digest.bytes());
      BroughtRows.forget(sql, digest);
      return size;
    });
  }
}
