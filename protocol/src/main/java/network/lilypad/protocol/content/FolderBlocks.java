package network.lilypad.protocol.content;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.IntStream;
import network.lilypad.protocol.content.DagNode.Link;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// The blocks of a folder without a copy of them: a leaf is a stretch of a file, read when it is asked for; only nodes
/// are in memory. Made in one pass over the files, which hashes the chunks of a large file on all processors.
///
/// Holds some 150 bytes for each leaf and each entry. What it hands out is not hashed again: a file that changed after
/// the index was made gives bytes that do not hash to their name, which every receiver finds out. Thread-safe.
public final class FolderBlocks implements BlockSource {
  /// Chunks at work at once: enough for every processor.
  private static final int CHUNKS_AT_ONCE = 32;

  private final LinkedHashMap<Cid, Piece> pieces = new LinkedHashMap<>();
  private Cid root = Cid.ofDirectory(Bytes32.ZERO);
  private long bytes;

  /// Where a block is.
  private sealed interface Piece {
    record Node(ByteString bytes) implements Piece {}

    record Stretch(Path file, long offset, int length) implements Piece {}
  }

  private FolderBlocks() {}

  /// Indexes a folder.
  ///
  /// @param folder a directory, not a link to one; nobody changes it meanwhile
  /// @throws ContentException as [UnixFsWriter#writeDirectory]
  public static FolderBlocks of(Path folder, TreeLimits limits) {
    var index = new FolderBlocks();
    index.root = new UnixFsWriter((cid, node) -> index.add(cid, new Piece.Node(UnsafeByteOperations.unsafeWrap(node))),
        limits, index::file)
        .writeDirectory(folder);
    return index;
  }

  /// The directory's name.
  public Cid root() {
    return root;
  }

  /// Every block once, children before the nodes that link to them, the root last.
  public SequencedSet<Cid> cids() {
    return Collections.unmodifiableSequencedSet(pieces.sequencedKeySet());
  }

  /// Bytes of the different blocks.
  public long bytes() {
    return bytes;
  }

  @Override public Optional<byte[]> get(Cid cid) throws IOException {
    return switch (pieces.get(cid)) {
      case null -> Optional.empty();
      case Piece.Node(var node) -> Optional.of(node.toByteArray());
      case Piece.Stretch(var file, var offset, var length) -> {
        try (var channel = FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS))) {
          yield Optional.of(read(channel, file, offset, length));
        }
      }
    };
  }

  private void add(Cid cid, Piece piece) {
    if (pieces.putIfAbsent(cid, piece) == null) {
      bytes += switch (piece) {
        case Piece.Node(var node) -> node.size();
        case Piece.Stretch stretch -> stretch.length();
      };
    }
  }

  private Link file(Path file, Place at, Budget budget) throws IOException {
    int chunk = Layout.STANDARD.chunkBytes();
    var builder = new FileBuilder(Layout.STANDARD,
        (cid, node) -> add(cid, new Piece.Node(UnsafeByteOperations.unsafeWrap(node))));
    try (var channel = FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS))) {
      long size = channel.size();
      long offset = 0;
      do {
        long from = offset;
        int count = Math.clamp((size - from + chunk - 1) / chunk, 1, CHUNKS_AT_ONCE);
        budget.spendBytes(Math.toIntExact(Math.min(size - from, (long) count * chunk)), at);
        for (var leaf : hashed(channel, file, from, Math.min(size, from + (long) count * chunk))) {
          add(leaf.cid, leaf.stretch);
          builder.add(leaf.cid, leaf.stretch.length());
        }
        offset = from + (long) count * chunk;
      } while (offset < size);
      return builder.finish();
    }
  }

  private record Leaf(Cid cid, Piece.Stretch stretch) {}

  private static List<Leaf> hashed(FileChannel channel, Path file, long from, long to) throws IOException {
    int chunk = Layout.STANDARD.chunkBytes();
    int count = Math.max(1, (int) ((to - from + chunk - 1) / chunk));
    try {
      return IntStream.range(0, count).parallel().mapToObj(i -> {
        long offset = from + (long) i * chunk;
        int length = (int) Math.min(chunk, to - offset);
        return new Leaf(leaf(channel, file, offset, length), new Piece.Stretch(file, offset, length));
      }).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Cid leaf(FileChannel channel, Path file, long offset, int length) {
    var sha256 = Sha256.digest(length);
    var buffer = ByteBuffer.allocate(Math.min(length, FileBytes.AT_ONCE));
    try {
      for (int done = 0; done < length; done += buffer.limit()) {
        buffer.clear().limit(Math.min(buffer.capacity(), length - done));
        fill(buffer, channel, file, offset + done);
        sha256.update(buffer.array(), 0, buffer.limit());
      }
      return new Cid(Cid.Codec.RAW, Bytes32.of(sha256.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(FileChannel channel, Path file, long offset, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    fill(buffer, channel, file, offset);
    return buffer.array();
  }

  private static void fill(ByteBuffer buffer, FileChannel channel, Path file, long offset) throws IOException {
    if (!FileBytes.read(channel, buffer, offset)) {
      throw new IOException(file + ": shorter than it was (expected: nobody writes it meanwhile)");
    }
  }
}
