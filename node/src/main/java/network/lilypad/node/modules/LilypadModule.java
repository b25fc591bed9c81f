package network.lilypad.node.modules;

import com.google.protobuf.ByteString;
import java.util.Map;
import network.lilypad.protocol.Rejection;

/// A module at one version, as its author wrote it.
///
/// @param name name and tag, such as `cowsay:v0.0.4`
/// @param source where it came from and the version it was resolved to
/// @param template the text of its `lilypad_module.json.tmpl`, at most [#TEMPLATE_CHARS_MAX] characters
/// @param program the WebAssembly module's bytes
public record LilypadModule(String name, String source, String template, ByteString program) {
  /// As large as an encoded job specification may be: a longer template could not be sent anyway.
  public static final int TEMPLATE_CHARS_MAX = 256 * 1024;

  /// Checks the bounds.
  ///
  /// @throws ModuleRefusedException `TooLarge` if the template is above its bound
  public LilypadModule {
    if (template.length() > TEMPLATE_CHARS_MAX) {
      throw new ModuleRefusedException(
          new Rejection.TooLarge("module template characters", template.length(), TEMPLATE_CHARS_MAX));
    }
  }

  /// The module with its inputs: what a machine runs and what it needs.
  ///
  /// @param inputs values by the names that the template uses
  /// @throws ModuleRefusedException naming the input, the line of the template or the field that is wrong
  public PreparedJob prepare(Map<String, String> inputs) {
    return ModuleFile.read(ModuleTemplate.parse(template).render(inputs)).prepare(this);
  }
}
