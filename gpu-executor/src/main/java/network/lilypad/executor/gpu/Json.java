package network.lilypad.executor.gpu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.Optional;

/// A tool's JSON, read without trust: names differ between versions in their case, numbers come as texts.
///
/// @param node one value
record Json(JsonNode node) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// Reads a tool's output, which may begin with lines of warnings.
  ///
  /// @throws GpuUnavailableException if it is no JSON
  static Json of(String tool, String text) {
    int begin = text.indexOf('{') < 0 ? text.indexOf('[') : first(text.indexOf('['), text.indexOf('{'));
    try {
      var node = begin < 0 ? null : MAPPER.readTree(text.substring(begin));
      if (node == null || node.isMissingNode()) {
        throw new GpuUnavailableException(tool + " said no JSON");
      }
      return new Json(node);
    } catch (JsonProcessingException e) {
      throw new GpuUnavailableException(tool + " said broken JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static int first(int bracket, int brace) {
    return bracket < 0 ? brace : Math.min(bracket, brace);
  }

  /// The value under the first of the names that is there, whatever its case.
  Json at(String... names) {
    for (var name : names) {
      for (var field : node.properties()) {
        if (field.getKey().toLowerCase(Locale.ROOT).equals(name)) {
          return new Json(field.getValue());
        }
      }
    }
    return new Json(MAPPER.missingNode());
  }

  /// A text or number; empty for what is missing or says that it is.
  Optional<String> text() {
    var text = node.isValueNode() ? node.asText().strip() : "";
    return text.isEmpty() || text.equalsIgnoreCase("n/a") || text.equals("null") ? Optional.empty() : Optional.of(text);
  }

  /// A whole number, in decimal or as a text; empty for anything else.
  Optional<Long> number() {
    try {
      return text().map(text -> (long) Double.parseDouble(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
