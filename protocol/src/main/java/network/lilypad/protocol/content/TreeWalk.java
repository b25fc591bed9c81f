package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.Entry;
import network.lilypad.protocol.content.DagNode.FileNode;
import network.lilypad.protocol.content.DagNode.Link;
import network.lilypad.protocol.content.DagNode.Part;

/// One walk over a stranger's tree into a target. Directories are checked by decoding, files by building their tree
/// again over the leaves that arrived.
final class TreeWalk {
  /// Inner levels of a file: 174^8 chunks of 1 MiB are more bytes than a 64-bit size can count.
  static final int MAX_FILE_LEVELS = 8;

  private final VerifiedBlocks blocks;
  private final Budget budget;
  private final Layout layout;
  private final TreeTarget target;
  private final Leaves leaves;

  TreeWalk(VerifiedBlocks blocks, Budget budget, Layout layout, TreeTarget target) {
    this(blocks, budget, layout, target, (cid, at, out) -> {
      byte[] leaf = blocks.get(cid, at);
      out.write(leaf);
      return leaf.length;
    });
  }

  TreeWalk(VerifiedBlocks blocks, Budget budget, Layout layout, TreeTarget target, Leaves leaves) {
    this.blocks = blocks;
    this.budget = budget;
    this.layout = layout;
    this.target = target;
    this.leaves = leaves;
  }

  /// Where the chunks of files come from.
  @FunctionalInterface
  interface Leaves {
    /// @return the chunk's length
    int copy(Cid leaf, Place at, OutputStream out) throws IOException;
  }

  void root(Cid root) throws IOException {
    var node = node(root, Place.ROOT);
    if (!(node.node() instanceof Directory(var entries))) {
      throw new ContentException(Reason.NOT_A_DIRECTORY, "root", root, "a directory, not a file");
    }
    directory(entries, Place.ROOT);
  }

  /// A decoded node without its bytes, which need not outlive the decoding.
  private record Decoded(DagNode node, int blockBytes) {}

  private Decoded node(Cid cid, Place at) throws IOException {
    byte[] block = blocks.get(cid, at);
    return new Decoded(DagPbDecoder.decode(block, at), block.length);
  }

  private void directory(List<Entry> entries, Place at) throws IOException {
    budget.spendEntries(entries.size(), at);
    target.directory(at);
    for (var entry : entries) {
      entry(entry.link(), at.child(entry.name()));
    }
  }

  private void entry(Link link, Place at) throws IOException {
    switch (link.cid().codec()) {
      case RAW -> file(link, at, copy -> copy.leaf(link.cid()));
      case DAG_PB -> {
        var decoded = node(link.cid(), at);
        switch (decoded.node()) {
          case Directory directory -> {
            same(link, new Link(link.cid(), decoded.blockBytes() + directory.dagBytesBelow()), at);
            directory(directory.entries(), at);
          }
          case FileNode file -> file(link, at, copy -> copy.parts(file.parts(), 1));
        }
      }
    }
  }

  @FunctionalInterface
  private interface Copying {
    void into(FileCopy copy) throws IOException;
  }

  private void file(Link link, Place at, Copying copying) throws IOException {
    var rebuilt = new FileBuilder(layout, BlockSink.NONE);
    try (var out = target.file(at)) {
      copying.into(new FileCopy(at, rebuilt, out));
    }
    same(link, rebuilt.finish(), at);
  }

  private static void same(Link claimed, Link actual, Place at) {
    if (!claimed.equals(actual)) {
      throw new ContentException(Reason.NOT_CANONICAL, at.toString(),
          claimed.cid() + " of " + claimed.dagBytes() + " bytes", actual.cid() + " of " + actual.dagBytes() + " bytes");
    }
  }

  /// The leaves of one file on their way to the target.
  private final class FileCopy {
    private final Place at;
    private final FileBuilder rebuilt;
    private final OutputStream out;
    private boolean ended;

    FileCopy(Place at, FileBuilder rebuilt, OutputStream out) {
      this.at = at;
      this.rebuilt = rebuilt;
      this.out = out;
    }

    void parts(List<Part> parts, int level) throws IOException {
      if (level > MAX_FILE_LEVELS) {
        throw new ContentException(Reason.TOO_DEEP, at.toString(), "file node level " + level,
            "at most " + MAX_FILE_LEVELS);
      }
      for (var part : parts) {
        part(part.link().cid(), level);
      }
    }

    private void part(Cid cid, int level) throws IOException {
      switch (cid.codec()) {
        case RAW -> leaf(cid);
        case DAG_PB -> {
          if (!(node(cid, at).node() instanceof FileNode(var parts))) {
            throw new ContentException(Reason.UNSUPPORTED_NODE, at.toString(), "a directory inside a file",
                "file nodes");
          }
          parts(parts, level + 1);
        }
      }
    }

    /// Only the last leaf may be short: this also bounds the leaves by the bytes they bring.
    void leaf(Cid cid) throws IOException {
      int length = leaves.copy(cid, at, out);
      if (ended || length > layout.chunkBytes()) {
        throw new ContentException(Reason.NOT_CANONICAL, at.toString(), length + " bytes in leaf " + cid,
            "full chunks of " + layout.chunkBytes() + " bytes, only the last one shorter");
      }
      ended = length < layout.chunkBytes();
      budget.spendBytes(length, at);
      rebuilt.add(cid, length);
    }
  }
}
