package network.lilypad.protocol.sign;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Signature;

/// The 65 bytes of an ECDSA signature taken apart, already checked for range and low s.
///
/// @param r first half
/// @param s second half, at most half the group's order
/// @param recovery 0 or 1
record EcdsaBytes(Bytes32 r, Bytes32 s, int recovery) {
  private static final BigInteger ORDER = new BigInteger(
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

  static Optional<EcdsaBytes> of(Signature signature) {
    var bytes = signature.bytes();
    if (bytes.length != Signature.ECDSA_BYTES) {
      return Optional.empty();
    }
    var parts = of(bytes, bytes[64] - 27);
    return parts.valid() ? Optional.of(parts) : Optional.empty();
  }

  /// @param compact r and s, in the first 64 bytes
  static EcdsaBytes of(byte[] compact, int recovery) {
    return new EcdsaBytes(Bytes32.of(Arrays.copyOfRange(compact, 0, 32)),
        Bytes32.of(Arrays.copyOfRange(compact, 32, 64)), recovery);
  }

  private boolean valid() {
    var r1 = new BigInteger(1, r.bytes());
    var s1 = new BigInteger(1, s.bytes());
    return (recovery == 0 || recovery == 1) && r1.signum() > 0 && r1.compareTo(ORDER) < 0 && s1.signum() > 0
        && s1.compareTo(HALF_ORDER) <= 0;
  }

  byte[] compact() {
    return ByteBuffer.allocate(64).put(r.bytes()).put(s.bytes()).array();
  }

  Signature signature() {
    return Signature.of(ByteBuffer.allocate(Signature.ECDSA_BYTES).put(compact()).put((byte) (27 + recovery)).array());
  }

  /// The account of an uncompressed public key without its leading 4.
  static Address account(byte[] point) {
    return Address.of(Arrays.copyOfRange(Keccak256.hash(point).bytes(), 12, 32));
  }
}
