package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.FileNode;
import network.lilypad.protocol.content.DagNode.Link;

/// The dag-pb form of a UnixFS node: its field numbers and its one encoding, links before data. Reading:
/// [DagPbDecoder].
final class DagPb {
  // PBNode, PBLink: IPLD's dag-pb specification
  static final int NODE_DATA = 1;
  static final int NODE_LINKS = 2;
  static final int LINK_HASH = 1;
  static final int LINK_NAME = 2;
  static final int LINK_TSIZE = 3;
  // Data: the UnixFS specification
  static final int UNIXFS_TYPE = 1;
  static final int UNIXFS_DATA = 2;
  static final int UNIXFS_FILE_SIZE = 3;
  static final int UNIXFS_BLOCK_SIZES = 4;
  static final int UNIXFS_MODE = 7;
  static final int UNIXFS_MTIME = 8;
  static final int TYPE_DIRECTORY = 1;
  static final int TYPE_FILE = 2;

  private DagPb() {}

  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  static byte[] encode(DagNode node) {
    return message(out -> {
      switch (node) {
        case Directory(var entries) -> {
          for (var entry : entries) {
            out.writeByteArray(NODE_LINKS, link(entry.name(), entry.link()));
          }
        }
        case FileNode(var parts) -> {
          for (var part : parts) {
            out.writeByteArray(NODE_LINKS, link("", part.link()));
          }
        }
      }
      out.writeByteArray(NODE_DATA, unixFs(node));
    });
  }

  private static byte[] link(String name, Link link) {
    return message(out -> {
      out.writeByteArray(LINK_HASH, link.cid().toBytes());
      out.writeByteArray(LINK_NAME, name.getBytes(UTF_8));
      out.writeUInt64(LINK_TSIZE, link.dagBytes());
    });
  }

  private static byte[] unixFs(DagNode node) {
    return message(out -> {
      switch (node) {
        case Directory _ -> out.writeEnum(UNIXFS_TYPE, TYPE_DIRECTORY);
        case FileNode file -> {
          out.writeEnum(UNIXFS_TYPE, TYPE_FILE);
          out.writeUInt64(UNIXFS_FILE_SIZE, file.fileBytes());
          for (var part : file.parts()) {
            out.writeUInt64(UNIXFS_BLOCK_SIZES, part.fileBytes());
          }
        }
      }
    });
  }

  private static byte[] message(Fields fields) {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new Defect("dag-pb: " + e + " (expected: memory takes every byte)");
    }
    return bytes.toByteArray();
  }
}
