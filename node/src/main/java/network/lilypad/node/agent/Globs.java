package network.lilypad.node.agent;

import java.util.List;

/// Patterns of names in which `*` stands for any characters, such as `cowsay:*` or `github.com/lilypad-tech/*`. Letters
/// count in their case.
///
/// @param patterns at most [#PATTERNS_MAX], each at most [#LENGTH_MAX] characters
public record Globs(List<String> patterns) {
  /// None.
  public static final Globs NONE = new Globs(List.of());
  /// As many as a session may name modules.
  public static final int PATTERNS_MAX = 1024;
  /// A module's name and source have no more.
  public static final int LENGTH_MAX = 1024;

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if one is passed
  public Globs {
    patterns = List.copyOf(patterns);
    if (patterns.size() > PATTERNS_MAX) {
      throw new IllegalArgumentException("patterns: " + patterns.size() + " (expected: at most " + PATTERNS_MAX + ")");
    }
    patterns.stream().filter(glob -> glob.isEmpty() || glob.length() > LENGTH_MAX).findFirst().ifPresent(glob -> {
      throw new IllegalArgumentException(
          "pattern: " + glob.length() + " characters (expected: 1 to " + LENGTH_MAX + ")");
    });
  }

  boolean isEmpty() { return patterns.isEmpty(); }

  /// Whether any of the names fits any pattern.
  boolean match(String... names) {
    return patterns.stream().anyMatch(glob -> List.of(names).stream().anyMatch(name -> fits(glob, name)));
  }

  /// The parts between the stars must come in their order, the first at the beginning, the last at the end.
  private static boolean fits(String glob, String name) {
    var parts = glob.split("\\*", -1);
    var last = parts[parts.length - 1];
    if (parts.length == 1) {
      return glob.equals(name);
    }
    int at = parts[0].length();
    if (!name.startsWith(parts[0])) {
      return false;
    }
    for (int i = 1; i < parts.length - 1; i++) {
      int found = name.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    return name.length() - last.length() >= at && name.endsWith(last);
  }
}
