package network.lilypad.node.modules.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Bytes32;

/// Digests as registries write them.
final class Digests {
  private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");

  private Digests() {}

  static Optional<Bytes32> sha256(String text) {
    var matcher = SHA256.matcher(text);
    return matcher.matches() ? Optional.of(Bytes32.parse("0x" + matcher.group(1))) : Optional.empty();
  }

  static Bytes32 of(byte[] bytes) {
    try {
      return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new Defect("JDK: no SHA-256 (expected: every JDK has it): " + e.getMessage());
    }
  }
}
