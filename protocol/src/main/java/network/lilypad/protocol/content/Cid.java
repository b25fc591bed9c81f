package network.lilypad.protocol.content;

import java.nio.ByteBuffer;
import java.util.Arrays;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// The name of a block: CIDv1 with sha2-256. Immutable.
///
/// For a directory, and so for every result, the 32-byte digest on chain and the CID are one value in two spellings:
/// see [#ofDirectory].
///
/// @param codec what the block's bytes mean
/// @param digest the sha2-256 of the block
public record Cid(Codec codec, Bytes32 digest) {
  /// Characters of the text form: multibase letter and 36 bytes in base32.
  public static final int TEXT_LENGTH = 59;

  private static final byte VERSION_1 = 0x01;
  private static final byte SHA2_256 = 0x12;
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = 4;
  private static final int BYTES = HEADER_BYTES + DIGEST_BYTES;
  private static final char MULTIBASE_BASE32 = 'b';

  /// What the block's bytes mean. The numbers are the multicodec table's, for ever.
  public enum Codec {
    /// Bytes of a file.
    RAW(0x55),
    /// A node with links: a directory or the inside of a file of several chunks.
    DAG_PB(0x70);

    private final byte code;

    Codec(int code) {
      this.code = (byte) code;
    }

    private static Codec of(byte code) {
      for (Codec codec : values()) {
        if (codec.code == code) {
          return codec;
        }
      }
      throw malformed("codec " + Integer.toHexString(code & 0xff), "raw 55 or dag-pb 70, hexadecimal");
    }
  }

  /// The name of a block.
  ///
  /// @param codec what the bytes mean
  /// @param block the bytes to hash
  public static Cid ofBlock(Codec codec, byte[] block) {
    return ofBlock(codec, ByteBuffer.wrap(block));
  }

  /// The name of a block.
  ///
  /// @param codec what the bytes mean
  /// @param block the bytes to hash, all that remain; they count as read afterwards
  public static Cid ofBlock(Codec codec, ByteBuffer block) {
    return new Cid(codec, Sha256.hash(block));
  }

  /// The name of a directory from its digest, as it stands on chain.
  public static Cid ofDirectory(Bytes32 root) {
    return new Cid(Codec.DAG_PB, root);
  }

  /// Reads the binary form: version, codec, hash function, length, digest.
  ///
  /// @throws IllegalArgumentException if these are not the 36 bytes of a CIDv1 with sha2-256 and a codec of ours
  public static Cid ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw malformed(bytes.length + " bytes", BYTES + " bytes: CIDv1 with sha2-256");
    }
    if (bytes[0] != VERSION_1) {
      throw malformed("version " + (bytes[0] & 0xff), "version 1");
    }
    if (bytes[2] != SHA2_256 || bytes[3] != DIGEST_BYTES) {
      throw malformed("hash function " + (bytes[2] & 0xff) + " of " + (bytes[3] & 0xff) + " bytes",
          "sha2-256: 18 of 32 bytes");
    }
    return new Cid(Codec.of(bytes[1]), Bytes32.of(Arrays.copyOfRange(bytes, HEADER_BYTES, BYTES)));
  }

  /// Reads the text form that [#toString] writes, and no other: one text for each CID.
  ///
  /// @throws IllegalArgumentException if it is not lower-case base32 with the letter `b` in front, of 59 characters, of
  ///     a CIDv1 with sha2-256 and a codec of ours
  public static Cid parse(String text) {
    if (text.length() != TEXT_LENGTH || text.charAt(0) != MULTIBASE_BASE32) {
      throw malformed(Excerpt.of(text), TEXT_LENGTH + " characters: b and lower-case base32");
    }
    try {
      return ofBytes(Base32.decode(text.substring(1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cid: " + Excerpt.of(text) + ": " + e.getMessage(), e);
    }
  }

  /// The binary form, 36 bytes, a copy.
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).put(VERSION_1).put(codec.code).put(SHA2_256).put((byte) DIGEST_BYTES)
        .put(digest.bytes()).array();
  }

  /// The text form: `b` and lower-case base32, 59 characters.
  @Override
  public String toString() {
    return MULTIBASE_BASE32 + Base32.encode(toBytes());
  }

  private static IllegalArgumentException malformed(String value, String expected) {
    return new IllegalArgumentException("cid: " + value + " (expected: " + expected + ")");
  }
}
