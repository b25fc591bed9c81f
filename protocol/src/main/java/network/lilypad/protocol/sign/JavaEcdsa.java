package network.lilypad.protocol.sign;

import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Optional;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Signature;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;

/// web3j's curve arithmetic in Java: for machines that the native library was not built for.
final class JavaEcdsa implements Ecdsa {
  private static final BigInteger ORDER = Sign.CURVE_PARAMS.getN();

  @Override public Signature sign(Bytes32 digest, byte[] key) {
    var data = Sign.signMessage(digest.bytes(), ECKeyPair.create(key), false);
    return new EcdsaBytes(Bytes32.of(data.getR()), Bytes32.of(data.getS()), data.getV()[0] - 27).signature();
  }

  @Override public Optional<Address> recover(Bytes32 digest, Signature signature) {
    return EcdsaBytes.of(signature).flatMap(parts -> recover(digest, parts));
  }

  private static Optional<Address> recover(Bytes32 digest, EcdsaBytes parts) {
    try {
      var data = new Sign.SignatureData((byte) (27 + parts.recovery()), parts.r().bytes(), parts.s().bytes());
      var publicKey = Sign.signedMessageHashToKey(digest.bytes(), data);
      // The point at infinity comes back as zero: nobody's key.
      return publicKey.signum() == 0 ? Optional.empty() : Optional.of(account(publicKey));
    } catch (SignatureException | IllegalArgumentException _) {
      // The second one says that r is no point of the curve.
      return Optional.empty();
    }
  }

  @Override public Address address(byte[] key) {
    var secret = new BigInteger(1, key);
    if (key.length != 32 || secret.signum() == 0 || secret.compareTo(ORDER) >= 0) {
      throw new IllegalArgumentException("private key: not a key of secp256k1 (expected: 32 bytes below its order)");
    }
    return account(Sign.publicKeyFromPrivate(secret));
  }

  private static Address account(BigInteger publicKey) {
    var point = new byte[64];
    var bytes = publicKey.toByteArray();
    int length = Math.min(64, bytes.length);
    System.arraycopy(bytes, bytes.length - length, point, 64 - length, length);
    return EcdsaBytes.account(point);
  }
}
