package network.lilypad.protocol.content;

import java.io.ByteArrayOutputStream;

/// Base32 of RFC 4648 in lower case without padding: multibase `b`. Strict: one text for each byte string.
final class Base32 {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BITS = 5;

  private Base32() {}

  static String encode(byte[] bytes) {
    var text = new StringBuilder((bytes.length * Byte.SIZE + BITS - 1) / BITS);
    int window = 0;
    int held = 0;
    for (byte octet : bytes) {
      window = (window << Byte.SIZE) | (octet & 0xff);
      held += Byte.SIZE;
      while (held >= BITS) {
        held -= BITS;
        text.append(ALPHABET.charAt((window >>> held) & 31));
      }
    }
    if (held > 0) {
      text.append(ALPHABET.charAt((window << (BITS - held)) & 31));
    }
    return text.toString();
  }

  /// @throws IllegalArgumentException on a foreign character, a length no byte string has, or set bits behind the last
  ///     byte
  static byte[] decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length() * BITS / Byte.SIZE);
    int window = 0;
    int held = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("base32: " + Excerpt.of(text) + " (expected: only a-z and 2-7)");
      }
      window = (window << BITS) | digit;
      held += BITS;
      if (held >= Byte.SIZE) {
        held -= Byte.SIZE;
        bytes.write(window >>> held);
      }
    }
    if (held >= BITS || (window & ((1 << held) - 1)) != 0) {
      throw new IllegalArgumentException("base32: " + Excerpt.of(text) + " (expected: no bits behind the last byte)");
    }
    return bytes.toByteArray();
  }
}
