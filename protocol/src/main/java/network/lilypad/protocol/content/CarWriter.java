package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.OutputStream;

/// Writes a CAR file, version 1, with one root: the header, then each block behind its name. Blocks come in the order
/// they are put, and as often. Holds nothing. For one thread.
public final class CarWriter implements BlockSink {
  private final OutputStream out;

  /// Writes the header.
  ///
  /// @param out takes the file; not closed
  /// @param root the root's name
  /// @throws IOException if it cannot be written
  public CarWriter(OutputStream out, Cid root) throws IOException {
    this.out = out;
    var header = CarHeader.encode(root);
    varint(header.length);
    out.write(header);
  }

  /// Writes a tree into a file, the root first and each block once.
  ///
  /// @param source has the blocks of the tree, which are hashed again
  /// @param limits how much to take
  /// @param root a directory's CID
  /// @throws IOException if it cannot be written
  /// @throws ContentException as [UnixFsReader#blocks]
  public static void write(OutputStream out, BlockSource source, TreeLimits limits, Cid root) throws IOException {
    new UnixFsReader(source, limits).blocks(root, new CarWriter(out, root));
  }

  @Override public void put(Cid cid, byte[] block) throws IOException {
    var name = cid.toBytes();
    varint(name.length + block.length);
    out.write(name);
    out.write(block);
  }

  private void varint(int value) throws IOException {
    int left = value;
    while (left > 0x7f) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }
}
