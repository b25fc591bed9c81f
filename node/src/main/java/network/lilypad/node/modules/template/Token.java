package network.lilypad.node.modules.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// A word of a tag.
///
/// @param kind what it is
/// @param text a name without its dot, a quoted text without quotes and escapes, else as it stands
/// @param spaced whether white space stands before it
record Token(Kind kind, String text, boolean spaced) {
  /// What a word can be.
  enum Kind {
    /// `.Name`
    FIELD,
    /// `.`
    DOT,
    /// `$` or `$name`
    VARIABLE,
    /// `"text"` or a raw one in back quotes
    TEXT,
    /// `12`, `-1.5`
    NUMBER,
    /// `eq`, `if`, `true`
    WORD,
    /// `( ) | , := =`
    SIGN
  }

  /// Longer tags are nothing a person wrote.
  static final int TOKENS_MAX = 256;

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  /// @throws TemplateRefusedException naming the tag
  static List<Token> read(Tag tag) {
    var tokens = new ArrayList<Token>();
    var text = tag.inside();
    int at = 0;
    boolean spaced = false;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        spaced = true;
        at++;
        continue;
      }
      int end = end(text, at, tag);
      tokens.add(token(text.substring(at, end), spaced, tag));
      if (tokens.size() > TOKENS_MAX) {
        throw tag.refused("at most " + TOKENS_MAX + " words");
      }
      spaced = false;
      at = end;
    }
    return tokens;
  }

  private static int end(String text, int at, Tag tag) {
    char c = text.charAt(at);
    if (c == '"' || c == '`') {
      return Scanner.quotedEnd(text, at).orElseThrow(() -> tag.refused("a closing quote"));
    }
    if (c == '.' || c == '$') {
      return wordEnd(text, at + 1);
    }
    if (isDigit(c) || ((c == '-' || c == '+') && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      return numberEnd(text, at + 1);
    }
    if (text.startsWith(":=", at)) {
      return at + 2;
    }
    if ("()|,=".indexOf(c) >= 0) {
      return at + 1;
    }
    int end = wordEnd(text, at);
    if (end == at) {
      throw tag.refused("no character " + c);
    }
    return end;
  }

  private static int wordEnd(String text, int from) {
    int at = from;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return at;
  }

  private static int numberEnd(String text, int from) {
    int at = from;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Token token(String word, boolean spaced, Tag tag) {
    char first = word.charAt(0);
    return switch (first) {
      case '"' -> new Token(Kind.TEXT, unescaped(word.substring(1, word.length() - 1), tag), spaced);
      case '`' -> new Token(Kind.TEXT, word.substring(1, word.length() - 1), spaced);
      case '.' -> word.length() == 1 ? new Token(Kind.DOT, word, spaced)
          : new Token(Kind.FIELD, word.substring(1), spaced);
      case '$' -> new Token(Kind.VARIABLE, word, spaced);
      case '(', ')', '|', ',', ':', '=' -> new Token(Kind.SIGN, word, spaced);
      default -> isDigit(first) || first == '-' || first == '+' ? number(word, spaced, tag)
          : new Token(Kind.WORD, word, spaced);
    };
  }

  private static Token number(String word, boolean spaced, Tag tag) {
    try {
      if (word.length() > Value.Numeral.DIGITS_MAX) {
        throw tag.refused("numbers of at most " + Value.Numeral.DIGITS_MAX + " digits");
      }
      return new Token(Kind.NUMBER, new BigDecimal(word).toPlainString(), spaced);
    } catch (NumberFormatException _) {
      throw tag.refused("a number instead of " + word);
    }
  }

  /// Go's escapes in a quoted text.
  private static String unescaped(String quoted, Tag tag) {
    var text = new StringBuilder();
    for (int at = 0; at < quoted.length(); at++) {
      char c = quoted.charAt(at);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = quoted.charAt(++at);
      switch (escape) {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        case '"', '\\', '\'' -> text.append(escape);
        case 'u' -> {
          text.append(unicode(quoted, at + 1, tag));
          at += 4;
        }
        default -> throw tag.refused("a text with the escapes \\\" \\\\ \\n \\r \\t \\u0000");
      }
    }
    return text.toString();
  }

  private static char unicode(String quoted, int at, Tag tag) {
    try {
      return (char) Integer.parseInt(quoted, at, at + 4, 16);
    } catch (NumberFormatException | IndexOutOfBoundsException _) {
      throw tag.refused("four hexadecimal digits after \\u");
    }
  }
}
