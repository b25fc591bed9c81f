package network.lilypad.node.modules;

import java.util.List;

/// Finds modules by the names people give them. Thread-safe; may block on disk or network.
public interface ModuleResolver {
  /// Resolves a name to exactly one version.
  ///
  /// @param name such as `cowsay:v0.0.4`; without a tag the newest version there is
  /// @throws ModuleRefusedException `UnknownModule` with what there is
  LilypadModule resolve(String name);

  /// The modules it can name without looking elsewhere, as `name:tag`, sorted.
  List<String> known();
}
