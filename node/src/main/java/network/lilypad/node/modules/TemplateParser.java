package network.lilypad.node.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.lilypad.node.modules.Piece.Choice;
import network.lilypad.node.modules.Piece.Field;
import network.lilypad.node.modules.Piece.Subst;
import network.lilypad.node.modules.Piece.Text;

/// Reads a template from left to right and knows at every tag whether it stands inside a JSON string.
final class TemplateParser {
  /// Deeper nesting is nothing a person wrote.
  static final int DEPTH_MAX = 16;

  private static final String FIELD = "\\.([A-Za-z_][A-Za-z0-9_]*)";
  private static final Pattern FIELD_TAG = Pattern.compile(FIELD);
  private static final Pattern IF_TAG = Pattern.compile("if\\s+" + FIELD);
  private static final Pattern SUBST_TAG = Pattern.compile(
      "subst\\s+(\"(?:[^\"\\\\]|\\\\.)*\")((?:\\s+\\.[A-Za-z_][A-Za-z0-9_]*)*)");
  private static final Pattern VERB = Pattern.compile("%(.?)", Pattern.DOTALL);

  private final String text;
  private int position;
  private boolean inString;

  TemplateParser(String text) {
    this.text = text;
  }

  List<Piece> parse() {
    var pieces = new ArrayList<Piece>();
    var open = sequence(pieces, 0);
    if (open.isPresent()) {
      throw refused(open.get(), "an if before it");
    }
    return pieces;
  }

  /// A tag's inside and where it begins.
  private record Tag(String inside, int line) {}

  /// Reads pieces until the end of the text, or until an `else` or `end`, which it returns.
  private Optional<Tag> sequence(List<Piece> into, int depth) {
    while (true) {
      int open = text.indexOf("{{", position);
      text(into, open < 0 ? text.length() : open);
      if (open < 0) {
        return Optional.empty();
      }
      var tag = tag();
      if (tag.inside().equals("else") || tag.inside().equals("end")) {
        return Optional.of(tag);
      }
      into.add(piece(tag, depth));
    }
  }

  private void text(List<Piece> into, int end) {
    for (int i = position; i < end; i++) {
      char c = text.charAt(i);
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      }
    }
    if (end > position) {
      into.add(new Text(text.substring(position, end)));
    }
    position = end;
  }

  private Tag tag() {
    int line = 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
    boolean quoted = false;
    for (int i = position + 2; i + 1 < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && text.startsWith("}}", i)) {
        var tag = new Tag(text.substring(position + 2, i).strip(), line);
        position = i + 2;
        return tag;
      }
    }
    throw refused(new Tag(firstLine(text.substring(position + 2)), line), "}} at its end");
  }

  private Piece piece(Tag tag, int depth) {
    var field = FIELD_TAG.matcher(tag.inside());
    if (field.matches()) {
      return new Field(field.group(1), tag.line(), !inString);
    }
    var condition = IF_TAG.matcher(tag.inside());
    if (condition.matches()) {
      return choice(condition.group(1), tag, depth + 1);
    }
    var subst = SUBST_TAG.matcher(tag.inside());
    if (subst.matches()) {
      return subst(subst, tag);
    }
    throw refused(tag, "a field such as .Message, if with a field, else, end, or subst with a text and fields");
  }

  private Piece choice(String name, Tag tag, int depth) {
    if (depth > DEPTH_MAX) {
      throw refused(tag, "at most " + DEPTH_MAX + " ifs inside each other");
    }
    boolean before = inString;
    var given = new ArrayList<Piece>();
    var otherwise = new ArrayList<Piece>();
    var closing = sequence(given, depth).orElseThrow(() -> refused(tag, "an end after it"));
    boolean after = inString;
    if (closing.inside().equals("else")) {
      inString = before;
      closing = sequence(otherwise, depth).orElseThrow(() -> refused(tag, "an end after it"));
    }
    if (!closing.inside().equals("end")) {
      throw refused(closing, "end");
    }
    if (inString != after || (otherwise.isEmpty() && after != before)) {
      throw refused(tag, "both branches end inside, or both outside, a JSON string");
    }
    return new Choice(name, given, otherwise);
  }

  private Piece subst(Matcher subst, Tag tag) {
    if (!inString) {
      throw refused(tag, "subst inside the quotes of a JSON string");
    }
    var names = FIELD_TAG.matcher(subst.group(2)).results().map(found -> found.group(1)).toList();
    var texts = texts(literal(subst.group(1), tag), tag);
    if (texts.size() != names.size() + 1) {
      throw refused(tag, (texts.size() - 1) + " fields, one for each %s");
    }
    return new Subst(texts, names, tag.line());
  }

  private static String literal(String quoted, Tag tag) {
    try {
      return Json.parse(quoted).textValue();
    } catch (JsonProcessingException _) {
      throw refused(tag, "a text with the escapes \\\" \\\\ \\n \\t");
    }
  }

  /// Splits a format at its `%s` and `%v`; `%%` is a percent sign.
  private static List<String> texts(String format, Tag tag) {
    var texts = new ArrayList<String>();
    var current = new StringBuilder();
    var verb = VERB.matcher(format);
    int from = 0;
    while (verb.find()) {
      current.append(format, from, verb.start());
      from = verb.end();
      switch (verb.group(1)) {
        case "%" -> current.append('%');
        case "s", "v" -> {
          texts.add(current.toString());
          current.setLength(0);
        }
        default -> throw refused(tag, "only %s, %v and %% in its text");
      }
    }
    texts.add(current.append(format.substring(from)).toString());
    return texts;
  }

  private static String firstLine(String rest) {
    return rest.lines().findFirst().orElse("").strip();
  }

  private static ModuleRefusedException refused(Tag tag, String expectation) {
    var shown = tag.inside().length() <= 80 ? tag.inside() : tag.inside().substring(0, 80) + "...";
    return ModuleRefusedException.malformed("lilypad_module.json.tmpl line " + tag.line(), "{{" + shown + "}}",
        expectation);
  }
}
