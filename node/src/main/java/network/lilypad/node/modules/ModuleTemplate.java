package network.lilypad.node.modules;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import network.lilypad.node.modules.Piece.Choice;
import network.lilypad.node.modules.Piece.Field;
import network.lilypad.node.modules.Piece.Subst;
import network.lilypad.node.modules.Piece.Text;
import network.lilypad.protocol.Rejection;

/// A parsed `lilypad_module.json.tmpl`: the subset of Go's templates that modules use, which is fields, `if`, `else`,
/// `end` and `subst`.
///
/// Inputs can only ever become the contents of JSON strings: a field outside a string brings its quotes, a field or
/// `subst` inside one is escaped. So no value can break the file or add to it.
final class ModuleTemplate {
  /// Modules have a dozen inputs; a hundred is somebody testing us.
  static final int INPUTS_MAX = 100;
  /// Half of what all arguments and variables of a run may have together.
  static final int VALUE_BYTES_MAX = 64 * 1024;

  private final List<Piece> pieces;

  private ModuleTemplate(List<Piece> pieces) {
    this.pieces = pieces;
  }

  /// @throws ModuleRefusedException naming line and construct of what it does not know
  static ModuleTemplate parse(String text) {
    return new ModuleTemplate(new TemplateParser(text).parse());
  }

  /// The names of the inputs it uses.
  SortedSet<String> inputs() {
    var names = new TreeSet<String>();
    collect(pieces, names);
    return names;
  }

  private static void collect(List<Piece> pieces, SortedSet<String> names) {
    for (var piece : pieces) {
      switch (piece) {
        case Text _ -> {}
        case Field field -> names.add(field.name());
        case Subst subst -> names.addAll(subst.names());
        case Choice choice -> {
          names.add(choice.name());
          collect(choice.given(), names);
          collect(choice.otherwise(), names);
        }
      }
    }
  }

  /// @throws ModuleRefusedException `Malformed` if an input is unknown, unusable or missing, `TooLarge`
  String render(Map<String, String> inputs) {
    check(inputs);
    var out = new StringBuilder();
    render(pieces, inputs, out);
    return out.toString();
  }

  private void check(Map<String, String> inputs) {
    if (inputs.size() > INPUTS_MAX) {
      throw new ModuleRefusedException(new Rejection.TooLarge("inputs", inputs.size(), INPUTS_MAX));
    }
    inputs.forEach((name, value) -> {
      if (!inputs().contains(name)) {
        throw ModuleRefusedException.malformed("input", name, "one of this module's: " + listed());
      }
      checkValue(name, value);
    });
  }

  private String listed() {
    var names = inputs();
    return names.isEmpty() ? "it takes none" : names.stream().collect(Collectors.joining(", "));
  }

  private static void checkValue(String name, String value) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value) || value.indexOf('\0') >= 0) {
      throw ModuleRefusedException.malformed("input " + name, "not text", "Unicode without NUL");
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > VALUE_BYTES_MAX) {
      throw new ModuleRefusedException(new Rejection.TooLarge("bytes of input " + name, bytes, VALUE_BYTES_MAX));
    }
  }

  private static void render(List<Piece> pieces, Map<String, String> inputs, StringBuilder out) {
    for (var piece : pieces) {
      switch (piece) {
        case Text(var text) -> append(out, text);
        case Field(var name, var line, var quoted) -> {
          var escaped = Json.escape(value(inputs, name, line));
          append(out, quoted ? '"' + escaped + '"' : escaped);
        }
        case Subst subst -> subst(subst, inputs, out);
        case Choice(var name, var given, var otherwise) ->
          render(inputs.containsKey(name) ? given : otherwise, inputs, out);
      }
    }
  }

  private static void subst(Subst subst, Map<String, String> inputs, StringBuilder out) {
    append(out, Json.escape(subst.texts().getFirst()));
    for (int i = 0; i < subst.names().size(); i++) {
      append(out, Json.escape(value(inputs, subst.names().get(i), subst.line())));
      append(out, Json.escape(subst.texts().get(i + 1)));
    }
  }

  private static void append(StringBuilder out, String text) {
    out.append(text);
    if (out.length() > LilypadModule.TEMPLATE_CHARS_MAX) {
      throw new ModuleRefusedException(
          new Rejection.TooLarge("rendered module characters", out.length(), LilypadModule.TEMPLATE_CHARS_MAX));
    }
  }

  private static String value(Map<String, String> inputs, String name, int line) {
    var value = inputs.get(name);
    if (value == null) {
      throw ModuleRefusedException.malformed("input " + name + " (template line " + line + ")", "missing",
          "-i " + name + "=...");
    }
    return value;
  }
}
