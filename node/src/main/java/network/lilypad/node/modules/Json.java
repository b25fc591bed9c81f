package network.lilypad.node.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import network.lilypad.protocol.Defect;

/// JSON text in and out.
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /// Text as it stands between the quotes of a JSON string.
  static String escape(String text) {
    try {
      var quoted = MAPPER.writeValueAsString(text);
      return quoted.substring(1, quoted.length() - 1);
    } catch (JsonProcessingException e) {
      throw new Defect("json: a string is refused: " + e.getOriginalMessage());
    }
  }

  /// @throws JsonProcessingException if it is not exactly one JSON value
  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }
}
