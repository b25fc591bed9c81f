package network.lilypad.protocol.sign;

import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.Optional;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Signature;

/// libsecp256k1 through JNI.
final class NativeEcdsa implements Ecdsa {
  private final Secp256k1 library;

  private NativeEcdsa(Secp256k1 library) {
    this.library = library;
  }

  /// Empty where no native library exists for this machine.
  static Optional<NativeEcdsa> load() {
    try {
      return Optional.of(new NativeEcdsa(Secp256k1.get()));
    } catch (LinkageError | IllegalStateException _) {
      return Optional.empty();
    }
  }

  @Override public Signature sign(Bytes32 digest, byte[] key) {
    byte[] compact = library.sign(digest.bytes(), key);
    byte[] expected = library.pubkeyCreate(key);
    for (int recovery = 0; recovery < 2; recovery++) {
      if (Arrays.equals(library.ecdsaRecover(compact, digest.bytes(), recovery), expected)) {
        return EcdsaBytes.of(compact, recovery).signature();
      }
    }
    throw new Defect("signature: recovers to nobody (expected: the signer)");
  }

  @Override public Optional<Address> recover(Bytes32 digest, Signature signature) {
    return EcdsaBytes.of(signature).flatMap(parts -> recover(digest, parts));
  }

  private Optional<Address> recover(Bytes32 digest, EcdsaBytes parts) {
    try {
      return Optional.of(account(library.ecdsaRecover(parts.compact(), digest.bytes(), parts.recovery())));
    } catch (Secp256k1Exception _) {
      return Optional.empty();
    }
  }

  @Override public Address address(byte[] key) {
    if (key.length != 32 || !library.secKeyVerify(key)) {
      throw new IllegalArgumentException("private key: not a key of secp256k1 (expected: 32 bytes below its order)");
    }
    return account(library.pubkeyCreate(key));
  }

  private static Address account(byte[] uncompressed) {
    return EcdsaBytes.account(Arrays.copyOfRange(uncompressed, 1, 65));
  }
}
