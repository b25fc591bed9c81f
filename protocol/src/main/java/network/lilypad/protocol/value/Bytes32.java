package network.lilypad.protocol.value;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Thirty-two bytes: a digest, an id or a model name's hash. Solidity's `bytes32`.
///
/// Kept as four big-endian words, so that equality, hashing and ordering cost no array.
///
/// @param a bytes 0 to 7
/// @param b bytes 8 to 15
/// @param c bytes 16 to 23
/// @param d bytes 24 to 31
public record Bytes32(long a, long b, long c, long d) implements Comparable<Bytes32> {
  /// All zero: "none" wherever a field is optional.
  public static final Bytes32 ZERO = new Bytes32(0, 0, 0, 0);

  /// @param bytes exactly 32 bytes
  /// @throws IllegalArgumentException if there are not 32
  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("bytes32: " + bytes.length + " bytes (expected: 32)");
    }
    var buffer = ByteBuffer.wrap(bytes);
    return new Bytes32(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /// @param hex 64 hexadecimal digits, with or without `0x`
  /// @throws IllegalArgumentException if the text is anything else
  public static Bytes32 parse(String hex) {
    return of(Hex.parse("bytes32", hex, 32));
  }

  /// The bytes, a fresh array of 32.
  public byte[] bytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /// Whether every byte is zero.
  public boolean isZero() { return (a | b | c | d) == 0; }

  @Override public int compareTo(Bytes32 other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  /// Lower-case hexadecimal with `0x`.
  @Override public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes());
  }
}
