package network.lilypad.protocol.content;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.value.Bytes32;
import org.jspecify.annotations.Nullable;

/// A tree on its way into a folder, which may break and go on, also in another process. It is written into
/// `NAME.partial-N` beside the folder and gets its name when all of it is there and checked. What a broken transfer
/// left is looked through, and the chunks found in it need not travel again.
///
/// Trusts neither the blocks nor what it finds: each is hashed before it is used. Holds some 150 bytes for each leaf.
/// For one thread; nobody else writes there meanwhile.
public final class ResumedFolder {
  /// The most chunks that are asked not to be sent again: what one request carries. It is 48 GiB of large files.
  public static final int MAX_HAVE = 50_000;
  /// Smaller chunks travel again: naming them costs nearly as much.
  private static final int MIN_CHUNK_BYTES = 64 << 10;
  /// Broken transfers whose files are looked through; of so many only the one that got furthest is kept.
  private static final int MAX_EARLIER = 8;

  private final Path target;
  private final Path partial;
  private final Set<Path> earlier = new LinkedHashSet<>();
  private final Map<Bytes32, Stretch> leaves = new HashMap<>();

  /// Where a leaf lies.
  private record Stretch(Path file, long offset, int length) {}

  /// Looks through what is there.
  ///
  /// @param target a folder that is not there yet; its parent is
  /// @throws ContentException `TARGET_OCCUPIED` or `IO`
  public ResumedFolder(Path target) {
    this.target = target.toAbsolutePath();
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      throw new ContentException(Reason.TARGET_OCCUPIED, "target", target, "nothing there yet");
    }
    try {
      for (int i = 0; i < MAX_EARLIER && Files.exists(partial(i), NOFOLLOW_LINKS); i++) {
        earlier.add(partial(i));
      }
      if (earlier.size() == MAX_EARLIER) {
        keepFurthest();
      }
      this.partial = partial(earlier.size());
      for (var folder : earlier) {
        Files.walkFileTree(folder, new Finder());
      }
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private Path partial(int i) {
    return target.resolveSibling(target.getFileName() + ".partial-" + i);
  }

  /// Each transfer writes what was there before in the same order, so the largest has what the others have.
  private void keepFurthest() throws IOException {
    var furthest = partial(0);
    long most = -1;
    for (var folder : earlier) {
      var size = new Size();
      Files.walkFileTree(folder, size);
      if (size.bytes > most) {
        most = size.bytes;
        furthest = folder;
      }
    }
    earlier.remove(furthest);
    discard();
    if (!furthest.equals(partial(0))) {
      Files.move(furthest, partial(0), StandardCopyOption.ATOMIC_MOVE);
    }
    earlier.clear();
    earlier.add(partial(0));
  }

  /// sha2-256 of chunks that are here already, at most [#MAX_HAVE].
  public Set<Bytes32> have() {
    return Set.copyOf(leaves.keySet());
  }

  /// Writes the tree. Nothing is lost when it fails: another try goes on.
  ///
  /// @param source has every block but those in [#have]; each is asked for once, in the order of [UnixFsReader#blocks],
  ///     nodes as often as they are linked
  /// @throws ContentException whatever is wrong with the tree, or `IO`
  public void read(Cid root, BlockSource source, TreeLimits limits) {
    try {
      var blocks = new VerifiedBlocks(source);
      var walk = new TreeWalk(blocks, new Budget(limits), Layout.STANDARD, new Target(FolderTarget.prepare(partial)),
          (cid, at, out) -> copy(cid, at, out, blocks));
      UnixFsReader.walk(root, walk);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      discard();
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private int copy(Cid cid, Place at, OutputStream out, VerifiedBlocks blocks) throws IOException {
    var known = leaves.get(cid.digest());
    byte[] leaf = known == null ? blocks.get(cid, at)
        : new VerifiedBlocks(_ -> Optional.of(read(known)))
            .get(cid, at);
    if (known == null && out instanceof Counted counted) {
      leaves.put(cid.digest(), new Stretch(partial.resolve(at.path()), counted.written, leaf.length));
    }
    out.write(leaf);
    if (known == null) {
      blocks.source().done(leaf);
    }
    return leaf.length;
  }

  private static byte[] read(Stretch stretch) throws IOException {
    try (var channel = FileChannel.open(stretch.file, Set.of(READ, NOFOLLOW_LINKS))) {
      var buffer = ByteBuffer.allocate(stretch.length);
      while (buffer.hasRemaining() && channel.read(buffer, stretch.offset + buffer.position()) >= 0) {
        // until the stretch or the file ends: what is short does not hash to its name
      }
      return buffer.array();
    }
  }

  /// Removes what broken transfers left.
  private void discard() throws IOException {
    for (var folder : earlier) {
      Files.walkFileTree(folder, new Remover());
    }
  }

  private record Target(FolderTarget folder) implements TreeTarget {
    @Override public void directory(Place at) throws IOException {
      folder.directory(at);
    }

    @Override public OutputStream file(Place at) throws IOException {
      return new Counted(folder.file(at));
    }
  }

  private static final class Counted extends FilterOutputStream {
    private long written;

    Counted(OutputStream out) {
      super(out);
    }

    @Override public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      written += length;
    }
  }

  /// Hashes the chunks of regular files, in the places where the writer cuts.
  private final class Finder extends SimpleFileVisitor<Path> {
    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      int chunk = Layout.STANDARD.chunkBytes();
      for (long offset = 0; attributes.isRegularFile()
          && offset + MIN_CHUNK_BYTES <= attributes.size(); offset += chunk) {
        if (leaves.size() == MAX_HAVE) {
          return FileVisitResult.TERMINATE;
        }
        var stretch = new Stretch(file, offset, (int) Math.min(chunk, attributes.size() - offset));
        leaves.putIfAbsent(Cid.ofBlock(Cid.Codec.RAW, read(stretch)).digest(), stretch);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private static final class Size extends SimpleFileVisitor<Path> {
    private long bytes;

    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.isRegularFile() ? attributes.size() : 0;
      return FileVisitResult.CONTINUE;
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
