package network.lilypad.protocol.sign;

import java.security.SecureRandom;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;

/// A private key and what it can do. Its text shows the account, never the key.
public final class Wallet {
  private static final Ecdsa ECDSA = Ecdsa.create();

  private final byte[] key;
  private final Address address;

  private Wallet(byte[] key) {
    this.key = key;
    this.address = ECDSA.address(key);
  }

  /// @param key 32 bytes
  /// @throws IllegalArgumentException if it is no private key of the curve
  public static Wallet of(Bytes32 key) {
    return new Wallet(key.bytes());
  }

  /// A wallet with a fresh key.
  ///
  /// @param random where the key comes from
  public static Wallet create(SecureRandom random) {
    var key = new byte[32];
    random.nextBytes(key);
    return new Wallet(key);
  }

  /// The account.
  public Address address() {
    return address;
  }

  /// The private key, to be kept in a file only its owner can read.
  public Bytes32 key() {
    return Bytes32.of(key);
  }

  /// Puts this wallet's name to a word.
  public <T extends Signable> Signed<T> sign(Domain domain, T word) {
    return new Signed<>(word, address, sign(Eip712.digest(domain, word)));
  }

  /// Signs a digest.
  public Signature sign(Bytes32 digest) {
    return ECDSA.sign(digest, key);
  }

  @Override public String toString() {
    return "wallet " + address;
  }
}
