package network.lilypad.node.modules;

import java.util.Collection;
import java.util.Map;
import network.lilypad.node.modules.template.Input;
import network.lilypad.node.modules.template.ModuleTemplate;
import network.lilypad.node.modules.template.TemplateRefusedException;
import network.lilypad.protocol.Rejection;

/// A module at one version, as its author wrote it.
///
/// @param name as a job names it, such as `cowsay:v0.0.4`, at most 256 characters
/// @param source where it came from and the version it was resolved to, at most 1024 characters
/// @param template the text of its `lilypad_module.json.tmpl`, at most [#TEMPLATE_CHARS_MAX] characters
/// @param contents its other files
public record LilypadModule(String name, String source, String template, ModuleContents contents) {
  /// The file that makes a folder a module.
  public static final String FILE = "lilypad_module.json.tmpl";
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

  /// The inputs it reads, by name.
  ///
  /// @throws ModuleRefusedException naming what it does not understand of the template
  public Collection<Input> inputs() {
    try {
      return ModuleTemplate.parse(template).inputs();
    } catch (TemplateRefusedException e) {
      throw new ModuleRefusedException(e.why());
    }
  }

  /// The JSON that the template becomes.
  ///
  /// @param inputs values by the names that the template uses
  /// @throws ModuleRefusedException naming the input or the line of the template that is wrong
  public String render(Map<String, String> inputs) {
    try {
      return ModuleTemplate.parse(template).render(inputs, TEMPLATE_CHARS_MAX);
    } catch (TemplateRefusedException e) {
      throw new ModuleRefusedException(e.why());
    }
  }

  /// What the module says with these inputs.
  ///
  /// @throws ModuleRefusedException naming the input, the line of the template or the field that is wrong
  public ModuleFile file(Map<String, String> inputs) {
    return ModuleFile.read(render(inputs));
  }

  /// The module with its inputs: what a machine runs and what it needs.
  ///
  /// @param images says what exactly a container's image is
  /// @throws ModuleRefusedException naming the input, the line of the template or the field that is wrong
  public PreparedJob prepare(Map<String, String> inputs, ImageDigests images) {
    return file(inputs).prepare(this, images);
  }
}
