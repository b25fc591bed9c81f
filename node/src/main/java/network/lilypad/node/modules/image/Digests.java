package network.lilypad.node.modules.image;

import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.protocol.value.Bytes32;

/// Digests as registries write them.
final class Digests {
  private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");

  private Digests() {}

  static Optional<Bytes32> sha256(String text) {
    var matcher = SHA256.matcher(text);
    return matcher.matches() ? Optional.of(Bytes32.parse("0x" + matcher.group(1))) : Optional.empty();
  }
}
