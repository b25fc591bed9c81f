package network.lilypad.protocol.content;

import java.util.PrimitiveIterator;

/// A foreign text made fit for a message: bounded, on one line, without control or format characters, which a terminal
/// might obey.
final class Excerpt {
  /// Enough for a CID (59 characters) and for most paths; short enough for a log line.
  static final int MAX_CODE_POINTS = 120;

  private Excerpt() {}

  static String of(String text) {
    var shown = new StringBuilder();
    PrimitiveIterator.OfInt codePoints = text.codePoints().iterator();
    for (int count = 0; codePoints.hasNext(); count++) {
      if (count == MAX_CODE_POINTS) {
        return shown.append("...").toString();
      }
      int codePoint = codePoints.nextInt();
      shown.appendCodePoint(isPlain(codePoint) ? codePoint : '?');
    }
    return shown.toString();
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
        false;
      default -> true;
    };
  }
}
