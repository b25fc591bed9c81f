package network.lilypad.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import network.lilypad.node.files.FileBody;
import network.lilypad.node.files.FileDirectory;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.FileBytes;
import network.lilypad.protocol.content.ReadAhead;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsReader;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import org.jspecify.annotations.Nullable;

/// Programs, specs and the blocks of trees, each by its sha2-256: a blob's digest and a block's are the same kind of
/// name, so they share one store. Storing again changes nothing. Below 1 MiB it lies in the database, from there on,
/// which is a full chunk of a large file, in the file directory. What is stored is on the disk when the call returns,
/// and a crash at any point leaves either all of it or nothing that is known.
///
/// Bounded by a total. What nobody needs is ended by the [Sweeper]. Thread-safe. Blocks the calling thread.
public final class ContentStore implements BlockSource {
  /// What the database takes; larger content is a file.
  public static final int INLINE_BYTES = (1 << 20) - 1;
  private static final long RETRY_MILLIS = 60_000;

  private final DataSource database;
  private final ContentRows rows;
  private final FileDirectory files;
  private final Setting setting;
  private final InstantSource clock;
  private final AtomicLong used;

  /// How a store is bounded.
  ///
  /// @param spool the folder of uploads on their way, emptied at the start
  /// @param trees how much one tree may have
  /// @param bytesMax all content together
  /// @param retention how long content is kept after its last use
  /// @param origin where inputs may be fetched from that nobody has brought; not trusted
  public record Setting(Path spool, TreeLimits trees, long bytesMax, Duration retention, BlockSource origin) {}

  /// A tree that was walked and found whole.
  ///
  /// @param root its digest
  /// @param blocks different blocks
  /// @param bytes of them
  public record Tree(Bytes32 root, int blocks, long bytes) {}

  /// A block and its name.
  public record Named(Cid cid, ByteString block) {}

  private ContentStore(DataSource database, FileDirectory files, Setting setting, InstantSource clock) {
    this.database = database;
    this.rows = new ContentRows(database);
    this.files = files;
    this.setting = setting;
    this.clock = clock;
    this.used = new AtomicLong(rows.bytes());
  }

  /// Opens the store.
  ///
  /// @param files where large content lies; closed by whoever opened it
  /// @throws StoreUnavailableException if database or spool do not answer
  public static ContentStore open(DataSource database, FileDirectory files, Setting setting, InstantSource clock) {
    try {
      Files.createDirectories(setting.spool);
      try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(setting.spool)) {
        for (Path leftover : leftovers) {
          Files.delete(leftover);
        }
      }
      return new ContentStore(database, files, setting, clock);
    } catch (IOException e) {
      throw new StoreUnavailableException("folder " + setting.spool, e);
    }
  }

  /// The store as an account sees it.
  public AccountContent of(Address account) {
    return new AccountContent(this, new BroughtRows(database, account), setting.origin);
  }

  /// Stores content of the node itself, durably.
  ///
  /// @throws ContentRefusedException `Overloaded` if the store is full
  public void put(Bytes32 digest, ByteString bytes) {
    try (var upload = new Upload(this, digest, bytes.size(), () -> {})) {
      upload.append(bytes.toByteArray());
      upload.finish();
    }
  }

  /// Stores blocks, all at once: fewer and larger waits for the disk than one by one. Equal blocks are stored once.
  ///
  /// @param blocks in memory, so a few mebibytes
  /// @return how many were new
  /// @throws ContentRefusedException `TooLarge`, `BadContent` if one does not hash to its name, `Overloaded`
  int putBlocks(List<Named> blocks) {
    var wanted = new LinkedHashMap<Bytes32, ByteString>();
    blocks.parallelStream().forEach(ContentStore::check);
    blocks.forEach(named -> wanted.putIfAbsent(named.cid.digest(), named.block));
    wanted.keySet().removeAll(known(wanted.keySet()));
    long bytes = wanted.values().stream().mapToLong(ByteString::size).sum();
    var rest = wanted.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
    try {
      add(bytes, rest, file -> new FileBody.Held(Objects.requireNonNull(wanted.get(file))));
    } catch (IOException e) {
      throw new StoreUnavailableException("content", e);
    }
    return rest.size();
  }

  private static void check(Named named) {
    if (named.block.size() > BlockSink.MAX_BLOCK_BYTES) {
      throw new ContentRefusedException(
          new Rejection.TooLarge("content in bytes", named.block.size(), BlockSink.MAX_BLOCK_BYTES));
    }
    var actual = Cid.ofBlock(named.cid.codec(), named.block.asReadOnlyByteBuffer());
    if (!actual.equals(named.cid)) {
      throw new ContentRefusedException(
          new Rejection.BadContent("content " + named.cid.digest(), "its sha2-256 is " + actual.digest()));
    }
  }

  private static ContentRows.Row row(Bytes32 digest, ByteString block) {
    return new ContentRows.Row(digest, block.size(), block.size() <= INLINE_BYTES ? block : null);
  }

  /// Whether there is content of that digest.
  boolean contains(Bytes32 digest) {
    return size(digest).isPresent();
  }

  /// Those of the digests that are here, and will be for half the retention at least.
  Set<Bytes32> known(Collection<Bytes32> digests) {
    long now = clock.instant().getEpochSecond();
    return rows.known(digests, now, now - setting.retention.toSeconds() / 2);
  }

  /// The size in bytes of stored content.
  public Optional<Long> size(Bytes32 digest) {
    return rows.size(digest);
  }

  /// The bytes of stored content, to be closed.
  public Optional<InputStream> open(Bytes32 digest) {
    return rows.known(digest).flatMap(this::opened);
  }

  private Optional<InputStream> opened(ContentRows.Row row) {
    try {
      return row.bytes() == null ? files.open(row.digest()) : Optional.of(row.bytes().newInput());
    } catch (IOException e) {
      throw new StoreUnavailableException("content " + row.digest(), e);
    }
  }

  /// All bytes of content that is known to be small, such as a spec.
  ///
  /// @param most the most bytes it may have; larger content is as good as absent
  public Optional<byte[]> small(Bytes32 digest, int most) {
    return rows.known(digest).filter(row -> row.size() <= most).flatMap(row -> opened(row).map(stream -> {
      try (stream) {
        return FileBytes.read(stream, Math.toIntExact(row.size()));
      } catch (IOException e) {
        throw new StoreUnavailableException("content " + digest, e);
      }
    }));
  }

  @Override public Optional<byte[]> get(Cid cid) {
    return small(cid.digest(), BlockSink.MAX_BLOCK_BYTES);
  }

  /// The tree of a root, if it was once found whole.
  Optional<Tree> tree(Bytes32 root) {
    return Sql.transaction(database, sql -> sql.one("select blocks, bytes from tree where root = ?",
        row -> new Tree(root, row.getInt(1), row.getLong(2)), root.bytes()));
  }

  /// What is known of a block without reading it.
  @FunctionalInterface
  interface Sizes {
    /// Its bytes; empty if there is no such block.
    Optional<Long> of(Cid leaf) throws IOException;
  }

  /// Makes sure that every block of a tree is there and hashes up to its root, and remembers it. Leaves were hashed
  /// when they came and are not read again.
  ///
  /// @param nodes where nodes come from
  /// @param leaves the sizes of leaves
  /// @throws ContentException whatever is wrong or missing, or more than the tree limits
  Tree walked(Bytes32 root, BlockSource nodes, Sizes leaves) {
    var sizes = new HashMap<Bytes32, Long>();
    BlockSource sized = cid -> {
      var node = nodes.get(cid);
      node.ifPresent(block -> sizes.put(cid.digest(), (long) block.length));
      return node;
    };
    new UnixFsReader(sized, setting.trees).outline(Cid.ofDirectory(root), leaf -> {
      var size = leaves.of(leaf);
      size.ifPresent(bytes -> sizes.put(leaf.digest(), bytes));
      return length(size);
    }, _ -> {});
    var tree = new Tree(root, sizes.size(), sizes.values().stream().mapToLong(size -> size).sum());
    insert("insert into tree values (?, ?, ?)", root.bytes(), tree.blocks, tree.bytes);
    return tree;
  }

  private static OptionalInt length(Optional<Long> size) {
    return size.map(bytes -> OptionalInt.of(Math.toIntExact(bytes))).orElse(OptionalInt.empty());
  }

  /// Names the blocks of a tree, nodes before what they link to, and each as often as it is linked.
  ///
  /// @throws ContentException whatever is wrong or missing, or more than the tree limits
  void outline(Bytes32 root, Consumer<Cid> visitor) {
    new UnixFsReader(this, setting.trees).outline(Cid.ofDirectory(root),
        leaf -> length(size(leaf.digest())), visitor);
  }

  /// Hands the blocks of a tree out, the root first and each once; the next are read while the sink has one. Whoever
  /// gets them hashes them.
  ///
  /// @param without blocks that are not wanted
  /// @param sink takes each block on the calling thread; what it throws ends the walk
  /// @throws ContentException whatever is wrong or missing
  /// @throws StoreUnavailableException if the sink throws an IOException
  public void walk(Bytes32 root, Set<Bytes32> without, BlockSink sink) {
    try {
      ReadAhead.between(ahead -> read(root, without, ahead), sink);
    } catch (IOException e) {
      throw new StoreUnavailableException("content " + root, e);
    }
  }

  private void read(Bytes32 root, Set<Bytes32> without, BlockSink sink) {
    var seen = new HashSet<>(without);
    BlockSource fresh = cid -> {
      var block = get(cid);
      if (block.isPresent() && seen.add(cid.digest())) {
        sink.put(cid, block.get());
      }
      return block;
    };
    new UnixFsReader(fresh, setting.trees).outline(Cid.ofDirectory(root), cid -> {
      return length(
          seen.contains(cid.digest()) ? size(cid.digest()) : fresh.get(cid).map(block -> (long) block.length));
    }, _ -> {});
  }

  /// What jobs need.
  public Holds holds() {
    return new Holds(database, clock);
  }

  /// Keeps content for ever: what is part of a job's record.
  public void keep(Bytes32 digest) {
    rows.keep(digest);
  }

  /// Who ends what nobody needs.
  public Sweeper sweeper(RandomGenerator random) {
    return new Sweeper(database, this, setting.retention, clock, random);
  }

  /// Stores what an upload has collected, in a file if it has one.
  void keep(Bytes32 digest, long size, byte[] inline, @Nullable Path file) throws IOException {
    if (known(List.of(digest)).isEmpty()) {
      var row = new ContentRows.Row(digest, size, file == null ? UnsafeByteOperations.unsafeWrap(inline) : null);
      add(size, List.of(row), _ -> new FileBody.Spooled(Objects.requireNonNull(file)));
    }
  }

  /// Where the bytes of a file come from.
  private interface Bodies {
    FileBody of(Bytes32 digest);
  }

  private void add(long bytes, List<ContentRows.Row> content, Bodies bodies) throws IOException {
    reserve(bytes);
    long added = 0;
    try {
      var large = content.stream().filter(row -> row.bytes() == null).toList();
      long now = clock.instant().getEpochSecond();
      if (!large.isEmpty()) {
        rows.announce(large, now);
        write(large, bodies);
      }
      added = rows.publish(content, now);
    } finally {
      used.addAndGet(added - bytes);
    }
  }

  private void write(List<ContentRows.Row> large, Bodies bodies) throws IOException {
    if (large.size() == 1) {
      files.put(large.getFirst().digest(), bodies.of(large.getFirst().digest()));
      return;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var puts = new ArrayList<Callable<Boolean>>();
      for (var row : large) {
        puts.add(() -> {
          files.put(row.digest(), bodies.of(row.digest()));
          return true;
        });
      }
      for (var each : threads.invokeAll(puts)) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("content could not be written: " + e.getCause(), e);
    }
  }

  FileDirectory files() {
    return files;
  }

  /// A fresh file for an upload to write into.
  Path spool() throws IOException {
    return Files.createTempFile(setting.spool, "upload", "");
  }

  /// Counts anew what is stored: other nodes store and sweep, too.
  void recount() {
    used.set(rows.bytes());
  }

  private void reserve(long size) {
    long after = used.addAndGet(size);
    if (after > setting.bytesMax) {
      used.addAndGet(-size);
      throw new ContentRefusedException(
          new Rejection.Overloaded("bytes in the content store", setting.bytesMax, RETRY_MILLIS));
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
