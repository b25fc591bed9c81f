package network.lilypad.node.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsReader;
import network.lilypad.protocol.value.Bytes32;
import org.jspecify.annotations.Nullable;

/// Programs, specs and the blocks of trees, each by its sha2-256: a blob's digest and a block's are the same kind of name,
/// so they share one store. Storing again changes nothing. Up to 1 MiB lies in the database, above that in the folder
/// `content` beside it; what is stored is on the disk when the call returns, and a crash at any point leaves either all of
/// it or nothing that is known.
///
/// Bounded by a total; nothing is evicted. Thread-safe. Blocks the calling thread.
public final class ContentStore implements BlockSource, BlockSink {
  /// What the database takes; larger content is a file.
  public static final int INLINE_BYTES = 1 << 20;
  private static final long RETRY_MILLIS = 60_000;

  private final DataSource database;
  private final ContentFiles files;
  private final TreeLimits treeLimits;
  private final long limit;
  private final AtomicLong used;

  /// A tree that was walked and found whole.
  ///
  /// @param root its digest
  /// @param blocks different blocks
  /// @param bytes of them
  public record Tree(Bytes32 root, int blocks, long bytes) {}

  private ContentStore(DataSource database, ContentFiles files, TreeLimits treeLimits, long limit, long used) {
    this.database = database;
    this.files = files;
    this.treeLimits = treeLimits;
    this.limit = limit;
    this.used = new AtomicLong(used);
  }

  /// Opens the store of a data directory.
  ///
  /// @param treeLimits how much one tree may have
  /// @param limit all content together, in bytes
  /// @throws StoreUnavailableException if database or folder do not answer
  public static ContentStore open(DataSource database, Path dataDir, TreeLimits treeLimits, long limit) {
    try {
      long used = Sql.transaction(database, sql -> sql.one("select coalesce(sum(size), 0) from content",
          row -> row.getLong(1)).orElse(0L));
      return new ContentStore(database, ContentFiles.open(dataDir.resolve("content")), treeLimits, limit, used);
    } catch (IOException e) {
      throw new StoreUnavailableException("content folder of " + dataDir, e);
    }
  }

  /// Begins to store content that comes in pieces.
  ///
  /// @param digest its sha2-256
  /// @param most its largest size in bytes
  public Upload upload(Bytes32 digest, long most) {
    return new Upload(this, digest, most);
  }

  /// Stores a block. An equal block is stored once.
  ///
  /// @return whether it was new
  /// @throws ContentRefusedException `TooLarge`, `BadContent` if it does not hash to its name, `Overloaded`
  public boolean putBlock(Cid cid, byte[] block) {
    if (contains(cid.digest()) && Cid.ofBlock(cid.codec(), block).equals(cid)) {
      return false;
    }
    try (var upload = upload(cid.digest(), MAX_BLOCK_BYTES)) {
      upload.append(block);
      upload.finish();
      return true;
    }
  }

  @Override public void put(Cid cid, byte[] block) {
    putBlock(cid, block);
  }

  /// Whether there is content of that digest.
  public boolean contains(Bytes32 digest) {
    return size(digest).isPresent();
  }

  /// The size in bytes of stored content.
  public Optional<Long> size(Bytes32 digest) {
    return Sql.transaction(database,
        sql -> sql.one("select size from content where digest = ?", row -> row.getLong(1), digest.bytes()));
  }

  /// The bytes of stored content, to be closed.
  public Optional<InputStream> open(Bytes32 digest) {
    try {
      var row = Sql.transaction(database, sql -> sql.one("select bytes from content where digest = ?",
          found -> Optional.ofNullable(found.getBytes(1)), digest.bytes()));
      if (row.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(row.get().isPresent() ? new ByteArrayInputStream(row.get().get()) : files.read(digest));
    } catch (IOException e) {
      throw new StoreUnavailableException("content " + digest, e);
    }
  }

  /// All bytes of content that is known to be small, such as a spec.
  ///
  /// @param most the most bytes it may have; larger content is as good as absent
  public Optional<byte[]> small(Bytes32 digest, int most) {
    return open(digest).flatMap(stream -> {
      try (stream) {
        byte[] bytes = stream.readNBytes(most + 1);
        return bytes.length > most ? Optional.empty() : Optional.of(bytes);
      } catch (IOException e) {
        throw new StoreUnavailableException("content " + digest, e);
      }
    });
  }

  @Override public Optional<byte[]> get(Cid cid) {
    return small(cid.digest(), MAX_BLOCK_BYTES);
  }

  /// The tree of a root, if it was once found whole.
  public Optional<Tree> tree(Bytes32 root) {
    return Sql.transaction(database, sql -> sql.one("select blocks, bytes from tree where root = ?",
        row -> new Tree(root, row.getInt(1), row.getLong(2)), root.bytes()));
  }

  /// Makes sure that every block of a tree is here and hashes up to its root, and remembers it.
  ///
  /// @throws ContentException whatever is wrong or missing, or more than the tree limits
  public Tree requireTree(Bytes32 root) {
    return tree(root).orElseGet(() -> {
      var counted = new long[2];
      walk(root, (_, block) -> {
        counted[0]++;
        counted[1] += block.length;
      });
      var tree = new Tree(root, Math.toIntExact(counted[0]), counted[1]);
      insert("insert into tree values (?, ?, ?)", root.bytes(), tree.blocks, tree.bytes);
      return tree;
    });
  }

  /// Hands the blocks of a tree out, the root first and each once, hashed again on the way.
  ///
  /// @param sink takes each block; what it throws ends the walk
  /// @throws ContentException whatever is wrong or missing
  public void walk(Bytes32 root, BlockSink sink) {
    var seen = new HashSet<Cid>();
    new UnixFsReader(cid -> {
      var block = get(cid);
      if (block.isPresent() && seen.add(cid)) {
        sink.put(cid, block.get());
      }
      return block;
    }, treeLimits).verify(Cid.ofDirectory(root));
  }

  /// Stores what an upload has collected, in a file if it has one.
  void keep(Bytes32 digest, long size, byte[] inline, @Nullable Path file) throws IOException {
    if (contains(digest)) {
      return;
    }
    reserve(size);
    boolean kept = false;
    try {
      if (file != null) {
        files.keep(file, digest);
      }
      kept = insert("insert into content values (?, ?, ?)", digest.bytes(), size, file == null ? inline : null);
    } finally {
      if (!kept) {
        used.addAndGet(-size);
      }
    }
  }

  ContentFiles files() {
    return files;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new Defect("JDK: no SHA-256 (expected: every JDK has it): " + e.getMessage());
    }
  }

  private void reserve(long size) {
    long after = used.addAndGet(size);
    if (after > limit) {
      used.addAndGet(-size);
      throw new ContentRefusedException(new Rejection.Overloaded("bytes in the content store", limit, RETRY_MILLIS));
    }
  }

  /// @return whether the row is new; another caller may have been faster
  private boolean insert(String statement, @Nullable Object... parameters) {
    return Sql.transaction(database, sql -> {
      try {
        return sql.update(statement, parameters) > 0;
      } catch (SQLException e) {
        if (Sql.taken(e)) {
          return false;
        }
        throw e;
      }
    });
  }
}
