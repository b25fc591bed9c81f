package network.lilypad.protocol.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.content.DagNode.FileNode;
import network.lilypad.protocol.content.DagNode.Link;
import network.lilypad.protocol.content.DagNode.Part;

/// The balanced tree over the leaves of one file, grown from the left: holds at most `maxLinks` links per level.
///
/// A level that is full becomes one node in the level above. When the leaves end, what is left of each level does, too,
/// until one link remains: a lone leaf is the whole file, and a lone leaf beside full nodes still gets nodes of its
/// own, so that all leaves are equally deep.
final class FileBuilder {
  private final Layout layout;
  private final BlockSink sink;
  private final List<List<Part>> levels = new ArrayList<>();

  FileBuilder(Layout layout, BlockSink sink) {
    this.layout = layout;
    this.sink = sink;
  }

  void add(Cid leaf, int bytes) throws IOException {
    add(0, new Part(new Link(leaf, bytes), bytes));
  }

  /// Ends the file, to which at least one leaf has been added.
  Link finish() throws IOException {
    for (int level = 0;; level++) {
      var links = levels.get(level);
      boolean top = level == levels.size() - 1;
      if (top && links.size() == 1) {
        return links.getFirst().link();
      }
      if (!links.isEmpty()) {
        close(level);
      }
    }
  }

  private void add(int level, Part part) throws IOException {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    levels.get(level).add(part);
    if (levels.get(level).size() == layout.maxLinks()) {
      close(level);
    }
  }

  private void close(int level) throws IOException {
    var node = new FileNode(List.copyOf(levels.get(level)));
    levels.get(level).clear();
    byte[] block = DagPb.encode(node);
    var cid = Cid.ofBlock(Cid.Codec.DAG_PB, block);
    sink.put(cid, block);
    add(level + 1, new Part(new Link(cid, block.length + node.dagBytesBelow()), node.fileBytes()));
  }
}
