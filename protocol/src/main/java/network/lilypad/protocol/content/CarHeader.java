package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import network.lilypad.protocol.content.ContentException.Reason;

/// The header of a CAR file, version 1, with one root: the DAG-CBOR map `{"roots": [CID], "version": 1}`, whose one
/// canonical encoding has 58 bytes. Format: IPLD's "CARv1" and "DAG-CBOR" specifications.
final class CarHeader {
  /// What a header may have: one of ours has 58; this leaves room to tell what else it is.
  static final int MAX_BYTES = 8192;

  private static final int CID_BYTES = 36;
  private static final int MAP_OF_TWO = 0xa2;
  private static final int ARRAY = 0x80;
  private static final byte[] ROOTS = text("roots");
  private static final byte[] VERSION = text("version");
  /// Tag 42, a byte string of 37, the multibase identity prefix.
  private static final byte[] LINK = {(byte) 0xd8, 0x2a, 0x58, CID_BYTES + 1, 0};
  private static final int AT_COUNT = 1 + ROOTS.length;
  private static final int AT_CID = AT_COUNT + 1 + LINK.length;
  private static final int BYTES = AT_CID + CID_BYTES + VERSION.length + 1;

  private CarHeader() {}

  static byte[] encode(Cid root) {
    return ByteBuffer.allocate(BYTES).put((byte) MAP_OF_TWO).put(ROOTS).put((byte) (ARRAY + 1)).put(LINK)
        .put(root.toBytes()).put(VERSION).put((byte) 1).array();
  }

  /// @throws ContentException `MALFORMED_CAR`, `MISSING_ROOT`, `UNSUPPORTED_CODEC`
  static Cid decode(byte[] header) {
    if (header.length <= AT_COUNT || (header[0] & 0xff) != MAP_OF_TWO
        || !Arrays.equals(header, 1, AT_COUNT, ROOTS, 0, ROOTS.length)) {
      throw malformed("another header, perhaps of version 2", "a CAR file of version 1");
    }
    int roots = (header[AT_COUNT] & 0xff) - ARRAY;
    if (roots == 0) {
      throw new ContentException(Reason.MISSING_ROOT, "car", "no root in the header", "one root");
    }
    if (roots != 1) {
      throw malformed("not one root in the header", "one root");
    }
    if (header.length != BYTES) {
      throw new ContentException(Reason.UNSUPPORTED_CODEC, "car root", header.length + " bytes of header",
          "a CIDv1 with sha2-256, which makes " + BYTES);
    }
    var root = CarReader.cid(Arrays.copyOfRange(header, AT_CID, AT_CID + CID_BYTES), "car root");
    if (!Arrays.equals(encode(root), header)) {
      throw malformed("another encoding of the header or another version", "DAG-CBOR of version 1");
    }
    return root;
  }

  private static ContentException malformed(String value, String expected) {
    return new ContentException(Reason.MALFORMED_CAR, "car", value, expected);
  }

  private static byte[] text(String text) {
    return ByteBuffer.allocate(1 + text.length()).put((byte) (0x60 + text.length())).put(text.getBytes(US_ASCII))
        .array();
  }
}
