package network.lilypad.protocol.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.function.Consumer;
import network.lilypad.protocol.content.ContentException.Reason;

/// Turns blocks back into files, trusting nobody: every block is hashed before it is looked at, and only the very tree
/// that [UnixFsWriter] makes of these files is accepted, so a root has one meaning and nothing can be hidden in it.
///
/// Streams: it holds one block, and the parsed links of the nodes on the current path. Work is bounded by the limits: a
/// block may be linked a thousand times, but each link costs an entry or a full chunk of bytes. Blocks the calling
/// thread. As thread-safe as its source.
public final class UnixFsReader {
  private final BlockSource source;
  private final TreeLimits limits;
  private final Layout layout;

  /// @param source where blocks come from; not trusted
  /// @param limits how much to take in one call
  public UnixFsReader(BlockSource source, TreeLimits limits) {
    this(source, limits, Layout.STANDARD);
  }

  UnixFsReader(BlockSource source, TreeLimits limits, Layout layout) {
    this.source = source;
    this.limits = limits;
    this.layout = layout;
  }

  /// Writes the tree into a directory. All or nothing: after an exception the directory is empty again, as far as this
  /// process and the disk live. Nothing outside the directory is touched.
  ///
  /// @param root a directory's CID
  /// @param target absent (its parent is there) or an empty directory; nobody else may write into it meanwhile
  /// @throws ContentException whatever is wrong with the tree; `TARGET_OCCUPIED`, `UNSUPPORTED_NAME` or `IO` if it is
  ///     not the tree's fault
  public void read(Cid root, Path target) {
    try {
      var folder = FolderTarget.prepare(target);
      try {
        walk(root, folder);
      } catch (IOException | RuntimeException e) {
        folder.discard(e);
        throw e;
      }
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Checks that every block of the tree is there and right, and writes nothing.
  ///
  /// @param root a directory's CID
  /// @throws ContentException as [#read]
  public void verify(Cid root) {
    try {
      walk(root, TreeTarget.NONE);
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Checks the tree and hands its blocks out, the root first, a node before what it links to, and each block once.
  ///
  /// @param root a directory's CID
  /// @param sink takes each block
  /// @throws ContentException as [#read]; the sink then has some blocks
  public void blocks(Cid root, BlockSink sink) {
    var seen = new HashSet<Cid>();
    BlockSource tee = cid -> {
      var block = source.get(cid);
      if (block.isPresent() && Cid.ofBlock(cid.codec(), block.get()).equals(cid) && seen.add(cid)) {
        sink.put(cid, block.get());
      }
      return block;
    };
    new UnixFsReader(tee, limits, layout).verify(root);
  }

  /// Whether a tree has a file or folder, by the folders on the way to it alone.
  ///
  /// @param source where blocks come from; not trusted
  /// @param root a directory's CID
  /// @param path names with `/` between them
  /// @throws ContentException if a block on the way is missing or wrong
  public static boolean has(BlockSource source, Cid root, String path) {
    var place = root;
    for (var name : path.split("/", -1)) {
      var next = entries(source, place).stream().filter(entry -> entry.name().equals(name)).findFirst();
      if (next.isEmpty()) {
        return false;
      }
      place = next.get().link().cid();
    }
    return true;
  }

  /// None of what is no directory.
  private static List<DagNode.Entry> entries(BlockSource source, Cid cid) {
    if (cid.codec() != Cid.Codec.DAG_PB) {
      return List.of();
    }
    try {
      var block = new VerifiedBlocks(source).get(cid, Place.ROOT);
      return DagPbDecoder.decode(block, Place.ROOT) instanceof DagNode.Directory(var entries) ? entries : List.of();
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// What a holder of blocks knows of a leaf without reading it.
  @FunctionalInterface
  public interface LeafSizes {
    /// The length of a block in bytes, or empty if there is no such block.
    ///
    /// @throws IOException if it could not be found out
    OptionalInt size(Cid leaf) throws IOException;
  }

  /// Checks the tree without reading the bytes of its files: for a holder who hashed each block when it came. Nodes are
  /// read and hashed.
  ///
  /// @param root a directory's CID
  /// @param sizes says which leaves are there
  /// @param visitor hears of each block in the order of [#blocks], but as often as it is linked
  /// @throws ContentException as [#verify]
  public void outline(Cid root, LeafSizes sizes, Consumer<Cid> visitor) {
    var nodes = new VerifiedBlocks(cid -> {
      visitor.accept(cid);
      return source.get(cid);
    });
    try {
      walk(root, new TreeWalk(nodes, new Budget(limits), layout, TreeTarget.NONE, (cid, at, _) -> {
        visitor.accept(cid);
        return sizes.size(cid).orElseThrow(
            () -> new ContentException(Reason.MISSING_BLOCK, at.toString(), cid, "the source has every block"));
      }));
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private void walk(Cid root, TreeTarget target) throws IOException {
    walk(root, new TreeWalk(new VerifiedBlocks(source), new Budget(limits), layout, target));
  }

  static void walk(Cid root, TreeWalk walk) throws IOException {
    if (root.codec() != Cid.Codec.DAG_PB) {
      throw new ContentException(Reason.NOT_A_DIRECTORY, "root", root, "the CID of a directory");
    }
    walk.root(root);
  }
}
