package network.lilypad.protocol.value;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/// Keccak-256 as Ethereum uses it (the padding of the original submission, not of FIPS 202). For what is signed or on
/// chain; content is hashed with SHA-256.
public final class Keccak256 {
  private Keccak256() {}

  /// @param parts hashed one after the other
  public static Bytes32 hash(byte[]... parts) {
    var digest = new KeccakDigest(256);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    var out = new byte[32];
    digest.doFinal(out, 0);
    return Bytes32.of(out);
  }

  /// @param text hashed as UTF-8
  public static Bytes32 hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }
}
