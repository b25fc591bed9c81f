package network.lilypad.protocol.sign;

import java.util.Optional;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Signature;

/// ECDSA over secp256k1 with deterministic nonces (RFC 6979), low s and recovery, as Ethereum uses it. Thread-safe.
public sealed interface Ecdsa permits NativeEcdsa, JavaEcdsa {
  /// The native library where it loads, else the one in Java: same results, about ten times slower.
  static Ecdsa create() {
    return NativeEcdsa.load().<Ecdsa>map(loaded -> loaded).orElseGet(JavaEcdsa::new);
  }

  /// Signs a digest: r, s and v (27 or 28), 65 bytes.
  ///
  /// @param key 32 bytes, a valid private key
  Signature sign(Bytes32 digest, byte[] key);

  /// The account that signed, empty if the bytes are no signature of anybody: wrong length, r or s out of range, high
  /// s, v other than 27 or 28.
  Optional<Address> recover(Bytes32 digest, Signature signature);

  /// The account of a private key.
  ///
  /// @param key 32 bytes
  /// @throws IllegalArgumentException if it is no private key of the curve
  Address address(byte[] key);
}
