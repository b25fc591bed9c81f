package network.lilypad.node.modules;

import java.util.List;
import java.util.regex.Pattern;

/// A path inside a module: relative, with `/`, and nowhere else. A module's own file cannot name what is outside it.
///
/// @param text as it is written
public record ModulePath(String text) {
  /// Deeper than this nobody puts a program.
  private static final int SEGMENTS_MAX = 16;
  private static final Pattern SEGMENT = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

  /// @throws ModuleRefusedException if it is absolute, leaves the module or is no plain path
  public ModulePath {
    var segments = List.of(text.split("/", -1));
    boolean plain = segments.size() <= SEGMENTS_MAX && segments.stream().allMatch(segment -> SEGMENT.matcher(segment)
        .matches() && !segment.equals(".") && !segment.equals("..") && !segment.equalsIgnoreCase(".git"));
    if (!plain) {
      throw ModuleRefusedException.malformed("module path", text.length() <= 80 ? text : text.substring(0, 80) + "...",
          "a path inside the module, such as module.wasm");
    }
  }

  /// Its parts, at least one.
  public List<String> segments() {
    return List.of(text.split("/", -1));
  }
}
