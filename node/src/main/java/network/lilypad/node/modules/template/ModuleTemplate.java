package network.lilypad.node.modules.template;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A parsed `lilypad_module.json.tmpl`: the subset of Go's templates that modules use.
///
/// Inputs can only ever become the contents of JSON strings: outside a string one brings its quotes, inside one it is
/// escaped. So no value can break the file or add to it. What the author wrote stands as it is.
public final class ModuleTemplate {
  /// Modules have a dozen inputs; a hundred is somebody testing us.
  public static final int INPUTS_MAX = 100;
  /// Half of what all arguments and variables of a run may have together.
  public static final int VALUE_BYTES_MAX = 64 * 1024;

  private final List<Piece> pieces;
  private final Collection<Input> inputs;

  private ModuleTemplate(List<Piece> pieces) {
    this.pieces = pieces;
    this.inputs = InputFinder.in(pieces);
  }

  /// @throws TemplateRefusedException naming line and construct of what it does not know
  public static ModuleTemplate parse(String text) {
    return new ModuleTemplate(TemplateParser.parse(text));
  }

  /// The inputs it reads, by name.
  public Collection<Input> inputs() {
    return inputs;
  }

  /// The JSON with these inputs.
  ///
  /// @param charsMax the longest result
  /// @throws TemplateRefusedException `Malformed` if an input is unknown, unusable or missing, `TooLarge`
  public String render(Map<String, String> values, int charsMax) {
    check(values);
    var root = JsonNodeFactory.instance.objectNode();
    values.forEach(root::put);
    var output = new Output(charsMax);
    new Rendering(new Value.Tree(root), output).all(pieces);
    return output.text();
  }

  private void check(Map<String, String> values) {
    if (values.size() > INPUTS_MAX) {
      throw TemplateRefusedException.tooLarge("inputs", values.size(), INPUTS_MAX);
    }
    values.forEach((name, value) -> {
      if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
        throw TemplateRefusedException.malformed("input", name, "one of this module's: " + listed());
      }
      checkValue(name, value);
    });
  }

  private String listed() {
    return inputs.isEmpty() ? "it takes none" : inputs.stream().map(Input::name).collect(Collectors.joining(", "));
  }

  private static void checkValue(String name, String value) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value) || value.indexOf('\0') >= 0) {
      throw TemplateRefusedException.malformed("input " + name, "not text", "Unicode without NUL");
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > VALUE_BYTES_MAX) {
      throw TemplateRefusedException.tooLarge("bytes of input " + name, bytes, VALUE_BYTES_MAX);
    }
  }
}
