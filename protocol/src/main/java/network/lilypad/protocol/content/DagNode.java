package network.lilypad.protocol.content;

import java.util.List;

/// A dag-pb block, understood: the two UnixFS nodes that a tree of ours consists of. File bytes are raw blocks, not
/// nodes.
sealed interface DagNode {
  /// A link to another block.
  ///
  /// @param cid the block's name
  /// @param dagBytes that block and all below it, each as often as linked (Tsize)
  record Link(Cid cid, long dagBytes) {}

  /// A named entry of a directory.
  record Entry(String name, Link link) {}

  /// A part of a file.
  ///
  /// @param link where the part is
  /// @param fileBytes file bytes in it
  record Part(Link link, long fileBytes) {}

  /// A directory, its entries sorted by [EntryName#ORDER].
  record Directory(List<Entry> entries) implements DagNode {
    @Override public long dagBytesBelow() {
      return entries.stream().mapToLong(entry -> entry.link().dagBytes()).sum();
    }
  }

  /// The inside of a file of several chunks.
  record FileNode(List<Part> parts) implements DagNode {
    @Override public long dagBytesBelow() {
      return parts.stream().mapToLong(part -> part.link().dagBytes()).sum();
    }

    long fileBytes() {
      return parts.stream().mapToLong(Part::fileBytes).sum();
    }
  }

  /// Sum over the links.
  long dagBytesBelow();
}
