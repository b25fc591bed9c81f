package network.lilypad.protocol.content;

import java.io.IOException;
import java.nio.file.Path;
import network.lilypad.protocol.content.ContentException.Reason;

/// Turns blocks back into files, trusting nobody: every block is hashed before it is looked at, and only the very tree
/// that [UnixFsWriter] makes of these files is accepted, so a root has one meaning and nothing can be hidden in it.
///
/// Streams: it holds one block, and the parsed links of the nodes on the current path. Work is bounded by the limits: a
/// block may be linked a thousand times, but each link costs an entry or a full chunk of bytes. Blocks the calling thread.
/// As thread-safe as its source.
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
  /// @throws ContentException whatever is wrong with the tree; `TARGET_OCCUPIED`, `UNSUPPORTED_NAME` or `IO` if it is not
  ///     the tree's fault
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

  private void walk(Cid root, TreeTarget target) throws IOException {
    if (root.codec() != Cid.Codec.DAG_PB) {
      throw new ContentException(Reason.NOT_A_DIRECTORY, "root", root, "the CID of a directory");
    }
    new TreeWalk(new VerifiedBlocks(source), new Budget(limits), layout, target).root(root);
  }
}
