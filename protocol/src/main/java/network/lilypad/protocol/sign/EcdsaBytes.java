package network.lilypad.protocol.sign;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Signature;

/// The 65 bytes of an ECDSA signature taken apart, already checked for range and low s.
///
/// @param r 32 bytes
/// @param s 32 bytes, at most half the group's order
/// @param recovery 0 or 1
record EcdsaBytes(byte[] r, byte[] s, int recovery) {
  private static final BigInteger ORDER = new BigInteger(
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

  static Optional<EcdsaBytes> of(Signature signature) {
    var bytes = signature.bytes();
    if (bytes.length != Signature.ECDSA_BYTES) {
      return Optional.empty();
    }
    var parts = new EcdsaBytes(Arrays.copyOfRange(bytes, 0, 32), Arrays.copyOfRange(bytes, 32, 64), bytes[64] - 27);
    return parts.valid() ? Optional.of(parts) : Optional.empty();
  }

  private boolean valid() {
    var r1 = new BigInteger(1, r);
    var s1 = new BigInteger(1, s);
    return (recovery == 0 || recovery == 1) && r1.signum() > 0 && r1.compareTo(ORDER) < 0 && s1.signum() > 0
        && s1.compareTo(HALF_ORDER) <= 0;
  }

  byte[] compact() {
    var compact = Arrays.copyOf(r, 64);
    System.arraycopy(s, 0, compact, 32, 32);
    return compact;
  }

  static Signature join(byte[] compact, int recovery) {
    var bytes = Arrays.copyOf(compact, Signature.ECDSA_BYTES);
    bytes[64] = (byte) (27 + recovery);
    return Signature.of(bytes);
  }

  /// The account of an uncompressed public key without its leading 4.
  static Address account(byte[] point) {
    return Address.of(Arrays.copyOfRange(Keccak256.hash(point).bytes(), 12, 32));
  }
}
