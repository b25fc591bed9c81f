package network.lilypad.node.modules.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a template into texts and tags. Comments are gone, trim marks are obeyed.
final class Scanner {
  /// A piece of the file: text, or a tag.
  sealed interface Part {
    /// Text that stands as it is.
    record Plain(String text) implements Part {}

    /// A tag.
    record Action(Tag tag) implements Part {}
  }

  private final String text;
  private final List<Part> parts = new ArrayList<>();
  private int position;
  private int line = 1;
  private boolean trimNext;

  private Scanner(String text) {
    this.text = text;
  }

  static List<Part> scan(String text) {
    var scanner = new Scanner(text);
    for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", scanner.position)) {
      boolean trimmed = scanner.trims(open + 2);
      scanner.plain(open, trimmed);
      scanner.action(open + (trimmed ? 3 : 2));
    }
    scanner.plain(text.length(), false);
    return scanner.parts;
  }

  private boolean trims(int at) {
    return text.startsWith("-", at) && at + 1 < text.length() && Character.isWhitespace(text.charAt(at + 1));
  }

  private void plain(int end, boolean trimmed) {
    var piece = text.substring(position, end);
    line += lines(piece);
    piece = trimNext ? piece.stripLeading() : piece;
    piece = trimmed ? piece.stripTrailing() : piece;
    if (!piece.isEmpty()) {
      parts.add(new Part.Plain(piece));
    }
  }

  private void action(int from) {
    int close = close(from);
    var inside = text.substring(from, close);
    trimNext = inside.length() >= 2 && inside.endsWith("-")
        && Character.isWhitespace(inside.charAt(inside.length() - 2));
    var stripped = (trimNext ? inside.substring(0, inside.length() - 1) : inside).strip();
    if (!stripped.startsWith("/*")) {
      parts.add(new Part.Action(new Tag(stripped, line)));
    }
    line += lines(inside);
    position = close + 2;
  }

  /// Where the tag that begins here ends; quoted text and comments may hold braces.
  private int close(int from) {
    int at = from;
    if (text.startsWith("/*", skipSpace(from))) {
      at = text.indexOf("*/", from);
      at = at < 0 ? text.length() : skipSpace(at + 2);
      at = text.startsWith("-}}", at) ? at + 1 : at;
      return text.startsWith("}}", at) ? at : unclosed(from, "*/}} at the end of a comment");
    }
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("}}", at)) {
        return at;
      }
      at = c == '"' || c == '`' ? quotedEnd(text, at).orElse(text.length()) : at + 1;
    }
    return unclosed(from, "}} at its end");
  }

  private int unclosed(int from, String expectation) {
    throw new Tag(text.substring(from).lines().findFirst().orElse("").strip(), line).refused(expectation);
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// The position behind the quoted text that begins at `from`; empty if it does not end.
  static Optional<Integer> quotedEnd(String text, int from) {
    char quote = text.charAt(from);
    for (int at = from + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        return Optional.of(at + 1);
      }
      if (c == '\\' && quote == '"') {
        at++;
      }
    }
    return Optional.empty();
  }

  private static int lines(String piece) {
    return (int) piece.chars().filter(c -> c == '\n').count();
  }
}
