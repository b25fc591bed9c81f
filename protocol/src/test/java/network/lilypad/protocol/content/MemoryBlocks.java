package network.lilypad.protocol.content;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A block store in memory that believes whatever it is told.
final class MemoryBlocks implements BlockSink, BlockSource {
  final Map<Cid, byte[]> blocks = new HashMap<>();

  @Override public void put(Cid cid, byte[] block) {
    blocks.put(cid, block);
  }

  @Override public Optional<byte[]> get(Cid cid) {
    return Optional.ofNullable(blocks.get(cid));
  }

  /// Stores bytes under their right name.
  Cid add(Cid.Codec codec, byte[] block) {
    var cid = Cid.ofBlock(codec, block);
    blocks.put(cid, block);
    return cid;
  }

  /// Stores a file of one chunk.
  DagNode.Link leaf(byte[] bytes) {
    return new DagNode.Link(add(Cid.Codec.RAW, bytes), bytes.length);
  }

  /// Stores a node as the writer would.
  DagNode.Link node(DagNode node) {
    byte[] block = DagPb.encode(node);
    return new DagNode.Link(add(Cid.Codec.DAG_PB, block), block.length + node.dagBytesBelow());
  }

  /// Stores a directory of one entry, whatever its name.
  DagNode.Link directory(String name, DagNode.Link link) {
    return node(new DagNode.Directory(List.of(new DagNode.Entry(name, link))));
  }
}
