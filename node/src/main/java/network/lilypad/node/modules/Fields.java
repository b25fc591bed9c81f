package network.lilypad.node.modules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A JSON object read by Go's rules: names match without regard to case, an exact match first; `null` is absent.
///
/// @param path where it is, for messages
/// @param node the object, or missing
/// @param reading told what was looked at
record Fields(String path, JsonNode node, Reading reading) {
  private JsonNode find(String name) {
    var key = key(name);
    reading.sees(at(key));
    var found = node.path(key);
    return found.isNull() ? MissingNode.getInstance() : found;
  }

  private String ignoringCase(String name) {
    return node.properties().stream().map(java.util.Map.Entry::getKey).filter(name::equalsIgnoreCase)
        .reduce(name, (_, last) -> last);
  }

  /// Whether the object holds something under a name.
  boolean has(String name) {
    return !find(name).isMissingNode();
  }

  /// Looks at fields that say nothing to a machine, such as who wrote the module.
  void skip(String... names) {
    for (var name : names) {
      reading.sees(at(key(name)));
    }
  }

  /// Whether the object itself is there.
  boolean present() {
    return node.isObject();
  }

  Fields object(String name) {
    var found = find(name);
    if (!found.isMissingNode() && !found.isObject()) {
      throw wrong(name, found, "an object");
    }
    return new Fields(at(key(name)), found, reading);
  }

  private String key(String name) {
    return node.has(name) ? name : ignoringCase(name);
  }

  Optional<String> text(String name) {
    var found = find(name);
    if (found.isMissingNode()) {
      return Optional.empty();
    }
    if (!found.isTextual()) {
      throw wrong(name, found, "a text");
    }
    return Optional.of(found.textValue());
  }

  /// A whole number from 0 on; 0 if absent.
  long number(String name) {
    var found = find(name);
    if (found.isMissingNode()) {
      return 0;
    }
    if (!found.isIntegralNumber() || !found.canConvertToLong() || found.longValue() < 0) {
      throw wrong(name, found, "a whole number, at least 0");
    }
    return found.longValue();
  }

  List<String> texts(String name) {
    var texts = new ArrayList<String>();
    for (var element : elements(name)) {
      if (!element.isTextual()) {
        throw wrong(name, element, "texts only");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  List<Fields> objects(String name) {
    var objects = new ArrayList<Fields>();
    for (var element : elements(name)) {
      if (!element.isObject()) {
        throw wrong(name, element, "objects only");
      }
      objects.add(new Fields(at(key(name)) + '[' + objects.size() + ']', element, reading));
    }
    return objects;
  }

  private JsonNode elements(String name) {
    var found = find(name);
    if (!found.isMissingNode() && !found.isArray()) {
      throw wrong(name, found, "a list");
    }
    return found;
  }

  String at(String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  private ModuleRefusedException wrong(String name, JsonNode value, String expectation) {
    var shown = value.toString();
    return ModuleRefusedException.malformed("module field " + at(name),
        shown.length() <= 80 ? shown : shown.substring(0, 80) + "...", expectation);
  }
}
