package network.lilypad.node.modules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What has been noticed while a module file was read: which fields were looked at, and what its author should know.
final class Reading {
  /// A file with more to say about it is no module.
  static final int WARNINGS_MAX = 50;

  private static final Map<String, String> WHY_IGNORED = Map.of("verifier",
      "the job offer says how results are checked",
      "publisher", "results are stored by the market", "publisherspec", "results are stored by the market",
      "inputs", "give files with --input-file or --inputs-path", "deal", "a job is one run",
      "nodeselectors", "the market selects by resources");

  private final Set<String> read = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();

  void sees(String path) {
    read.add(path);
  }

  void warn(String field, String message) {
    if (warnings.size() < WARNINGS_MAX) {
      warnings.add(field + ": " + message);
    }
  }

  /// All warnings, those about ignored fields last.
  List<String> warnings(JsonNode root) {
    leftovers("", root);
    return List.copyOf(warnings);
  }

  private void leftovers(String path, JsonNode object) {
    for (var entry : object.properties()) {
      var at = path.isEmpty() ? entry.getKey() : path + '.' + entry.getKey();
      if (read.contains(at)) {
        nested(at, entry.getValue());
      } else if (saysSomething(entry.getValue())) {
        var why = WHY_IGNORED.getOrDefault(entry.getKey().toLowerCase(Locale.ROOT), "nothing here reads it");
        warn(at, "ignored, " + why);
      }
    }
  }

  private void nested(String path, JsonNode value) {
    if (value.isObject()) {
      leftovers(path, value);
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      nested(path + '[' + i + ']', value.get(i));
    }
  }

  private static boolean saysSomething(JsonNode value) {
    if (value.isContainerNode()) {
      return value.valueStream().anyMatch(Reading::saysSomething);
    }
    return !value.isNull() && !(value.isTextual() && value.textValue().isEmpty());
  }
}
