package network.lilypad.node.modules.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import network.lilypad.node.modules.template.Value.Text.Segment;

/// What an expression has become. Texts remember which parts of them the module's author wrote and which came from an
/// input, so that only the author can write JSON.
sealed interface Value {
  /// An input or entry that is not there.
  ///
  /// @param name what was asked for
  record Nothing(String name) implements Value {}

  /// A text.
  ///
  /// @param segments its parts in order
  record Text(List<Segment> segments) implements Value {
    /// Whose a part is.
    enum Origin {
      /// The module's author: stands as it is.
      AUTHOR,
      /// An input: the contents of a JSON string, which brings its quotes where it stands outside one.
      INPUT,
      /// Filled in by `subst`: the contents of a JSON string, or a bare number.
      SUBST
    }

    /// A part.
    record Segment(String text, Origin origin) {}

    static Text of(String text, Origin origin) {
      return new Text(List.of(new Segment(text, origin)));
    }

    String joined() {
      return segments.size() == 1 ? segments.getFirst().text()
          : segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    private boolean given() {
      return segments.stream().anyMatch(part -> part.origin() != Origin.AUTHOR || !part.text().isEmpty());
    }
  }

  /// A number.
  record Numeral(BigDecimal number) implements Value {
    /// Longer ones are nothing a person wrote, and expensive.
    static final int DIGITS_MAX = 40;

    static Numeral of(long number) {
      return new Numeral(BigDecimal.valueOf(number));
    }
  }

  /// True or false.
  record Truth(boolean truth) implements Value {}

  /// A JSON list or object.
  record Tree(JsonNode node) implements Value {}

  /// A JSON value from an input.
  static Value of(String name, JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> Text.of(node.textValue(), Text.Origin.INPUT);
      case BOOLEAN -> new Truth(node.booleanValue());
      case NUMBER -> number(node.asText()).<Value>map(Numeral::new)
          .orElseGet(() -> Text.of(node.asText(), Text.Origin.INPUT));
      case ARRAY, OBJECT -> new Tree(node);
      default -> new Nothing(name);
    };
  }

  /// A decimal number without exponent, if it is one.
  static Optional<BigDecimal> number(String text) {
    if (text.length() > Numeral.DIGITS_MAX || !text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?")) {
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(text));
  }

  /// Go's truth, with inputs as the predecessor passed them: an empty one is given.
  default boolean holds() {
    return switch (this) {
      case Nothing _ -> false;
      case Text text -> text.given();
      case Numeral(var number) -> number.signum() != 0;
      case Truth(var truth) -> truth;
      case Tree(var node) -> !node.isEmpty();
    };
  }

  /// As text, without quotes; lists and objects as JSON.
  default Optional<String> plain() {
    return switch (this) {
      case Nothing _ -> Optional.empty();
      case Text text -> Optional.of(text.joined());
      case Numeral(var number) -> Optional.of(number.toPlainString());
      case Truth(var truth) -> Optional.of(Boolean.toString(truth));
      case Tree(var node) -> Optional.of(node.toString());
    };
  }
}
