package network.lilypad.protocol.value;

import java.util.Arrays;
import java.util.HexFormat;

/// A signature's bytes: 65 of ECDSA (r, s, v) for a plain account, free-form for a contract wallet (ERC-1271).
public final class Signature {
  /// The longest signature taken: many-owner contract wallets need a few hundred bytes.
  public static final int MAX_BYTES = 4096;
  /// The length of a plain account's signature.
  public static final int ECDSA_BYTES = 65;

  private final byte[] bytes;

  private Signature(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param bytes 1 to 4096 bytes
  /// @throws IllegalArgumentException if there are none or too many
  public static Signature of(byte[] bytes) {
    Bounds.check("signature bytes", bytes.length, 1, MAX_BYTES);
    return new Signature(bytes.clone());
  }

  /// A fresh copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override public boolean equals(Object other) {
    return other instanceof Signature that && Arrays.equals(bytes, that.bytes);
  }

  @Override public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Lower-case hexadecimal with `0x`.
  @Override public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
