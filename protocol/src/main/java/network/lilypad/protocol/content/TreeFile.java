package network.lilypad.protocol.content;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.FileNode;

/// One file directly below a tree's root, read in pieces from any offset without writing it anywhere. Every block on
/// the way is hashed. Blocks the calling thread.
public final class TreeFile {
  private final VerifiedBlocks blocks;
  private final Place at;
  private final Cid file;

  private TreeFile(VerifiedBlocks blocks, Place at, Cid file) {
    this.blocks = blocks;
    this.at = at;
    this.file = file;
  }

  /// Finds a file.
  ///
  /// @param source where blocks come from; not trusted
  /// @param root a directory's CID
  /// @param name directly below it
  /// @return empty if the directory has no such entry
  /// @throws ContentException whatever is wrong with the blocks on the way
  public static Optional<TreeFile> find(BlockSource source, Cid root, String name) {
    var blocks = new VerifiedBlocks(source);
    try {
      if (!(DagPbDecoder.decode(blocks.get(root, Place.ROOT), Place.ROOT) instanceof Directory(var entries))) {
        throw new ContentException(Reason.NOT_A_DIRECTORY, "root", root, "a directory, not a file");
      }
      return entries.stream().filter(entry -> entry.name().equals(name)).findFirst()
          .map(entry -> new TreeFile(blocks, Place.ROOT.child(name), entry.link().cid()));
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Reads a piece.
  ///
  /// @param offset of its first byte
  /// @param most its longest length
  /// @return at least one byte, or none at the file's end
  /// @throws ContentException whatever is wrong with the blocks on the way
  public byte[] read(long offset, int most) {
    try {
      return piece(file, offset, most);
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// The file's length in bytes.
  ///
  /// @throws ContentException if its first block is not there or no file's
  public long size() {
    try {
      if (file.codec() != Cid.Codec.DAG_PB) {
        return blocks.get(file, at).length;
      }
      if (DagPbDecoder.decode(blocks.get(file, at), at) instanceof FileNode node) {
        return node.fileBytes();
      }
      throw new ContentException(Reason.UNSUPPORTED_NODE, at.toString(), file, "a file");
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private byte[] piece(Cid cid, long offset, int most) throws IOException {
    var node = cid;
    long skip = offset;
    for (int level = 0; node.codec() == Cid.Codec.DAG_PB; level++) {
      if (level > TreeWalk.MAX_FILE_LEVELS
          || !(DagPbDecoder.decode(blocks.get(node, at), at) instanceof FileNode(var parts))) {
        throw new ContentException(Reason.UNSUPPORTED_NODE, at.toString(), node, "a file");
      }
      int part = 0;
      while (part < parts.size() && skip >= parts.get(part).fileBytes()) {
        skip -= parts.get(part).fileBytes();
        part++;
      }
      if (part == parts.size()) {
        return new byte[0];
      }
      node = parts.get(part).link().cid();
    }
    byte[] leaf = blocks.get(node, at);
    int from = (int) Math.min(skip, leaf.length);
    return Arrays.copyOfRange(leaf, from, Math.min(leaf.length, from + most));
  }
}
