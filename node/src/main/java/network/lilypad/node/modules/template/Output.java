package network.lilypad.node.modules.template;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import network.lilypad.node.modules.template.Value.Text.Segment;

/// The JSON as it grows. Knows at every point whether it stands inside a JSON string, so that no input can leave its
/// own.
final class Output {
  private final StringBuilder out = new StringBuilder();
  private final int charsMax;
  private boolean inString;
  private boolean escaping;

  Output(int charsMax) {
    this.charsMax = charsMax;
  }

  /// What the author wrote.
  void author(String text) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (escaping) {
        escaping = false;
      } else if (inString && c == '\\') {
        escaping = true;
      } else if (c == '"') {
        inString = !inString;
      }
    }
    append(text);
  }

  void print(Value value, Tag at) {
    switch (value) {
      case Value.Nothing(var name) -> throw missing(name, at);
      case Value.Text(var segments) -> segments.forEach(segment -> print(segment, at));
      case Value.Numeral _,Value.Truth _ -> author(value.plain().orElse(""));
      case Value.Tree(var node) -> contents(node.toString(), false, at);
    }
  }

  static TemplateRefusedException missing(String name, Tag at) {
    return TemplateRefusedException.malformed("input " + name + " (template line " + at.line() + ")", "missing",
        "-i " + name + "=...");
  }

  private void print(Segment segment, Tag at) {
    switch (segment.origin()) {
      case AUTHOR -> author(segment.text());
      case INPUT -> contents(segment.text(), true, at);
      case SUBST -> {
        if (!inString && Value.number(segment.text()).isEmpty()) {
          throw at.refused("subst inside the quotes of a JSON string, or a number");
        }
        contents(segment.text(), false, at);
      }
    }
  }

  /// Escaped inside a string; outside one as it stands or as a string of its own.
  private void contents(String text, boolean quoted, Tag at) {
    if (escaping) {
      throw at.refused("no backslash before it");
    }
    var escaped = inString || quoted ? new String(JsonStringEncoder.getInstance().quoteAsString(text)) : text;
    append(!inString && quoted ? '"' + escaped + '"' : escaped);
  }

  private void append(String text) {
    out.append(text);
    if (out.length() > charsMax) {
      throw TemplateRefusedException.tooLarge("rendered module characters", out.length(), charsMax);
    }
  }

  String text() {
    return out.toString();
  }
}
