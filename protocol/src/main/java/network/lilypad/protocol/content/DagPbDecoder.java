package network.lilypad.protocol.content;

import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.Entry;
import network.lilypad.protocol.content.DagNode.FileNode;
import network.lilypad.protocol.content.DagNode.Link;
import network.lilypad.protocol.content.DagNode.Part;

/// Reads one dag-pb block of a stranger. It takes exactly what [DagPb#encode] writes: what it has understood is encoded
/// again and must give the same bytes, so unknown fields, other orders and long varints need no rules of their own.
final class DagPbDecoder {
  private final Place at;
  private final List<Entry> links = new ArrayList<>();
  private final List<Long> blockSizes = new ArrayList<>();
  private byte[] data = {};
  private int type;

  private DagPbDecoder(Place at) {
    this.at = at;
  }

  /// @param block bytes that hash to the CID they were asked by
  /// @param at where in the tree, for messages
  /// @throws ContentException if this is not a directory or file node as [DagPb] writes it, with good names in order
  static DagNode decode(byte[] block, Place at) {
    var decoder = new DagPbDecoder(at);
    DagNode node;
    try {
      decoder.readNode(CodedInputStream.newInstance(block));
      decoder.readUnixFs(CodedInputStream.newInstance(decoder.data));
      node = decoder.node();
    } catch (IOException | IllegalArgumentException e) {
      throw new ContentException(Reason.MALFORMED_BLOCK, at.toString(), String.valueOf(e.getMessage()),
          "a dag-pb block with UnixFS data");
    }
    if (!Arrays.equals(DagPb.encode(node), block)) {
      throw new ContentException(Reason.NOT_CANONICAL, at.toString(), "another encoding of the node",
          "links before data, no unknown or repeated field, shortest varints");
    }
    return node;
  }

  private void readNode(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case DagPb.NODE_LINKS -> links.add(readLink(CodedInputStream.newInstance(bytes(in, tag))));
        case DagPb.NODE_DATA -> data = bytes(in, tag);
        default -> throw unsupported("dag-pb field " + WireFormat.getTagFieldNumber(tag));
      }
    }
  }

  private Entry readLink(CodedInputStream in) throws IOException {
    byte[] hash = {};
    byte[] name = {};
    long dagBytes = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case DagPb.LINK_HASH -> hash = bytes(in, tag);
        case DagPb.LINK_NAME -> name = bytes(in, tag);
        case DagPb.LINK_TSIZE -> dagBytes = size(in, tag);
        default -> throw unsupported("dag-pb link field " + WireFormat.getTagFieldNumber(tag));
      }
    }
    return new Entry(text(name), new Link(Cid.ofBytes(hash), dagBytes));
  }

  private void readUnixFs(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      switch (field) {
        case DagPb.UNIXFS_TYPE -> type = supportedType(size(in, tag));
        case DagPb.UNIXFS_FILE_SIZE -> size(in, tag);
        case DagPb.UNIXFS_BLOCK_SIZES -> blockSizes.add(size(in, tag));
        case DagPb.UNIXFS_DATA -> throw unsupported("file bytes inside a node");
        case DagPb.UNIXFS_MODE -> throw unsupported("a file mode");
        case DagPb.UNIXFS_MTIME -> throw unsupported("a modification time");
        default -> throw unsupported("UnixFS field " + field);
      }
    }
  }

  private int supportedType(long value) {
    if (value != DagPb.TYPE_DIRECTORY && value != DagPb.TYPE_FILE) {
      throw unsupported("UnixFS type " + value);
    }
    return (int) value;
  }

  private DagNode node() {
    return switch (type) {
      case DagPb.TYPE_DIRECTORY -> directory();
      case DagPb.TYPE_FILE -> file();
      default -> throw new IllegalArgumentException("no UnixFS type");
    };
  }

  private Directory directory() {
    String before = "";
    for (var entry : links) {
      EntryName.check(entry.name(), at);
      int order = EntryName.ORDER.compare(before, entry.name());
      if (order == 0) {
        throw new ContentException(Reason.DUPLICATE_NAME, "name in " + at, entry.name(), "each name once");
      }
      if (order > 0) {
        throw new ContentException(Reason.UNSORTED_NAMES, "name in " + at, entry.name(), "sorted by UTF-8 bytes");
      }
      before = entry.name();
    }
    return new Directory(List.copyOf(links));
  }

  private FileNode file() {
    if (links.size() != blockSizes.size() || links.isEmpty()) {
      throw new IllegalArgumentException(links.size() + " links with " + blockSizes.size() + " sizes");
    }
    var parts = new ArrayList<Part>(links.size());
    for (int i = 0; i < links.size(); i++) {
      parts.add(new Part(links.get(i).link(), blockSizes.get(i)));
    }
    return new FileNode(List.copyOf(parts));
  }

  private static byte[] bytes(CodedInputStream in, int tag) throws IOException {
    expect(WIRETYPE_LENGTH_DELIMITED, tag);
    return in.readByteArray();
  }

  private static long size(CodedInputStream in, int tag) throws IOException {
    expect(WIRETYPE_VARINT, tag);
    long size = in.readUInt64();
    if (size < 0) {
      throw new IllegalArgumentException("size " + Long.toUnsignedString(size));
    }
    return size;
  }

  private static void expect(int wireType, int tag) {
    if (WireFormat.getTagWireType(tag) != wireType) {
      throw new IllegalArgumentException("wire type " + WireFormat.getTagWireType(tag));
    }
  }

  private String text(byte[] name) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException _) {
      throw EntryName.bad(new String(name, UTF_8), at, "well-formed UTF-8");
    }
  }

  private ContentException unsupported(String what) {
    return new ContentException(Reason.UNSUPPORTED_NODE, at.toString(), what,
        "a plain directory or file node with raw leaves");
  }
}
