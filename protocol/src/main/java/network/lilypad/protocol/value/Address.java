package network.lilypad.protocol.value;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// An account: the last twenty bytes of the keccak-256 of a public key, or a contract's address. Solidity's `address`.
///
/// @param a bytes 0 to 7
/// @param b bytes 8 to 15
/// @param c bytes 16 to 19
public record Address(long a, long b, int c) implements Comparable<Address> {
  /// No account: "anybody" or "nobody" wherever a field is optional.
  public static final Address ZERO = new Address(0, 0, 0);

  /// @param bytes exactly 20 bytes
  /// @throws IllegalArgumentException if there are not 20
  public static Address of(byte[] bytes) {
    if (bytes.length != 20) {
      throw new IllegalArgumentException("address: " + bytes.length + " bytes (expected: 20)");
    }
    var buffer = ByteBuffer.wrap(bytes);
    return new Address(buffer.getLong(), buffer.getLong(), buffer.getInt());
  }

  /// @param hex 40 hexadecimal digits in any case, with or without `0x`
  /// @throws IllegalArgumentException if the text is anything else
  public static Address parse(String hex) {
    return of(Hex.parse("address", hex, 20));
  }

  /// The bytes, a fresh array of 20.
  public byte[] bytes() {
    return ByteBuffer.allocate(20).putLong(a).putLong(b).putInt(c).array();
  }

  /// Whether every byte is zero.
  public boolean isZero() { return (a | b | c) == 0; }

  @Override public int compareTo(Address other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    return order != 0 ? order : Integer.compareUnsigned(c, other.c);
  }

  /// Lower-case hexadecimal with `0x`.
  @Override public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes());
  }
}
