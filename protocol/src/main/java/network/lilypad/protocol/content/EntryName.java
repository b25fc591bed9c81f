package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import network.lilypad.protocol.content.ContentException.Reason;

/// The rules for a name in a directory: one component of a path on any system, nothing that climbs or separates.
final class EntryName {
  /// What Linux file systems hold, in UTF-8.
  static final int MAX_BYTES = 255;

  /// The order of a dag-pb directory: UTF-8 bytes, unsigned. Differs from the order of Java and JavaScript strings
  /// beyond the basic plane.
  static final Comparator<String> ORDER = (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  private EntryName() {}

  static void check(String name, Place directory) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw bad(name, directory, "a name");
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
      throw bad(name, directory, "a name without /, \\ and NUL");
    }
    if (!UTF_8.newEncoder().canEncode(name)) {
      throw bad(name, directory, "Unicode");
    }
    if (name.getBytes(UTF_8).length > MAX_BYTES) {
      throw bad(name, directory, "at most " + MAX_BYTES + " bytes of UTF-8");
    }
  }

  static ContentException bad(String name, Place directory, String expected) {
    return new ContentException(Reason.BAD_NAME, "name in " + directory, '"' + name + '"', expected);
  }
}
