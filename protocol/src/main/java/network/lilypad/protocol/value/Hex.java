package network.lilypad.protocol.value;

import java.util.HexFormat;

/// Strict reading of hexadecimal text of a known length.
final class Hex {
  private Hex() {}

  static byte[] parse(String subject, String text, int bytes) {
    var digits = text.startsWith("0x") ? text.substring(2) : text;
    if (digits.length() != 2 * bytes) {
      throw new IllegalArgumentException(subject + ": " + shortened(text) + " (expected: 0x and " + 2 * bytes
          + " hexadecimal digits)");
    }
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(subject + ": " + shortened(text) + " (expected: hexadecimal digits)", e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
