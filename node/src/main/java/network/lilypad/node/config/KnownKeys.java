package network.lilypad.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The keys that the reference configuration names: everything else is a mistake and is told with the nearest of them.
final class KnownKeys {
  /// Set by the build for its tests: where the checkout is. No setting of a node.
  private static final String BUILD_ROOT = "lilypad.root";
  private static final String ROOT = "lilypad";

  private final Set<String> known;

  /// @param reference the complete defaults
  KnownKeys(Config reference) {
    this.known = leaves(reference).keySet();
  }

  /// @throws ConfigRejectedException at the first key of `lilypad` that is not known
  void check(Config given) {
    leaves(given).forEach((key, value) -> {
      if (!known.contains(key) && !known.contains(list(key)) && !key.equals(BUILD_ROOT)) {
        throw unknown(key, value, nearest(key));
      }
    });
  }

  /// @param file resolved, without defaults
  /// @throws ConfigRejectedException at the first key outside `lilypad`: nothing would read it
  void checkFile(Config file) {
    all(file).forEach((key, value) -> {
      if (!inside(key)) {
        throw key.startsWith("pekko") ? new ConfigRejectedException(key + " at " + value.origin().description()
            + ": not read from this file (expected: a system property, -D" + key + "=...)")
            : unknown(key, value, nearest(ROOT + "." + key));
      }
    });
  }

  private static ConfigRejectedException unknown(String key, ConfigValue value, String nearest) {
    return new ConfigRejectedException(
        key + " at " + value.origin().description() + ": unknown key (nearest: " + nearest + ")");
  }

  /// The list whose entry a key is, where lists are written entry by entry; else the key.
  private static String list(String key) {
    var path = ConfigUtil.splitPath(key);
    return path.getLast().matches("[0-9]{1,4}") ? ConfigUtil.joinPath(path.subList(0, path.size() - 1)) : key;
  }

  private static boolean inside(String key) {
    return ConfigUtil.splitPath(key).getFirst().equals(ROOT);
  }

  private static Map<String, ConfigValue> leaves(Config config) {
    var found = all(config);
    found.keySet().removeIf(key -> !inside(key));
    return found;
  }

  private static Map<String, ConfigValue> all(Config config) {
    var found = new TreeMap<String, ConfigValue>();
    config.entrySet().forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private String nearest(String key) {
    return known.stream().min(Comparator.comparingInt((String candidate) -> distance(key, candidate))
        .thenComparing(Comparator.naturalOrder())).orElse("none");
  }

  /// Levenshtein's edit distance.
  static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
