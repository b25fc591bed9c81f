package network.lilypad.node.modules.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import network.lilypad.node.modules.template.Value.Nothing;
import network.lilypad.node.modules.template.Value.Text;
import network.lilypad.node.modules.template.Value.Text.Origin;
import network.lilypad.node.modules.template.Value.Text.Segment;

/// Texts with values filled in.
final class Format {
  /// Wider columns than this are no columns.
  static final int WIDTH_MAX = 99;

  private static final Pattern VERB = Pattern.compile("%(?:(-?0?)([0-9]{0,2})(?:\\.([0-9]{1,2}))?)(.?)",
      Pattern.DOTALL);

  private Format() {}

  /// Go's `print`: the values one after the other.
  static Text print(List<Value> values, Tag at, Budget budget) {
    var segments = new ArrayList<Segment>();
    values.forEach(value -> segments.addAll(segments(value, at)));
    return budget.made(new Text(segments), at);
  }

  /// Go's `printf`: what the author wrote stays the author's, an input stays an input.
  static Text printf(String format, List<Value> values, Tag at, Budget budget) {
    return budget.made(new Text(fill(format, values, at, true)), at);
  }

  /// The predecessor's `subst`: one text, all of which is the contents of a JSON string.
  static Text subst(String format, List<Value> values, Tag at, Budget budget) {
    var filled = new Text(fill(format, values, at, false));
    return budget.made(Text.of(filled.joined(), Origin.SUBST), at);
  }

  private static List<Segment> fill(String format, List<Value> values, Tag at, boolean quotes) {
    var segments = new ArrayList<Segment>();
    var verbs = VERB.matcher(format).results().toList();
    int from = 0;
    int used = 0;
    for (var verb : verbs) {
      segments.add(new Segment(format.substring(from, verb.start()), Origin.AUTHOR));
      from = verb.end();
      if (verb.group().equals("%%")) {
        segments.add(new Segment("%", Origin.AUTHOR));
        continue;
      }
      if (used == values.size()) {
        throw at.refused("a value for each of " + verbCount(verbs) + " verbs");
      }
      segments.addAll(filled(verb, values.get(used++), at, quotes));
    }
    if (used < values.size()) {
      throw at.refused(used + " values, one for each verb");
    }
    segments.add(new Segment(format.substring(from), Origin.AUTHOR));
    return segments;
  }

  private static long verbCount(List<MatchResult> verbs) {
    return verbs.stream().filter(verb -> !verb.group().equals("%%")).count();
  }

  private static List<Segment> filled(MatchResult verb, Value value, Tag at, boolean quotes) {
    if (value instanceof Nothing(var name)) {
      throw Output.missing(name, at);
    }
    return switch (verb.group(4)) {
      case "s", "v" -> padded(verb, segments(value, at));
      case "q" -> quoted(verb, value, at, quotes);
      case "d" -> author(verb, number(value, at).filter(number -> number.stripTrailingZeros().scale() <= 0)
          .orElseThrow(() -> at.refused("a whole number for %d")).setScale(0, RoundingMode.UNNECESSARY));
      case "f", "g" -> author(verb, decimal(verb, number(value, at).orElseThrow(
          () -> at.refused("a number for %" + verb.group(4)))));
      case "t" -> value instanceof Value.Truth ? padded(verb, segments(value, at)) : refuseTruth(at);
      default -> throw at.refused("only %s, %v, %q, %d, %f, %g, %t and %% in its text");
    };
  }

  private static List<Segment> refuseTruth(Tag at) {
    throw at.refused("true or false for %t");
  }

  private static List<Segment> quoted(MatchResult verb, Value value, Tag at, boolean quotes) {
    if (!quotes) {
      throw at.refused("only %s, %v, %d, %f, %g, %t and %% in the text of subst");
    }
    var segments = new ArrayList<Segment>();
    segments.add(new Segment("\"", Origin.AUTHOR));
    segments.addAll(segments(value, at).stream().map(part -> new Segment(part.text(), Origin.INPUT)).toList());
    segments.add(new Segment("\"", Origin.AUTHOR));
    return padded(verb, segments);
  }

  private static BigDecimal decimal(MatchResult verb, BigDecimal number) {
    if (verb.group(3) != null) {
      return number.setScale(Integer.parseInt(verb.group(3)), RoundingMode.HALF_EVEN);
    }
    return verb.group(4).equals("f") ? number.setScale(6, RoundingMode.HALF_EVEN) : number;
  }

  private static Optional<BigDecimal> number(Value value, Tag at) {
    if (value instanceof Nothing(var name)) {
      throw Output.missing(name, at);
    }
    return value.plain().flatMap(Value::number);
  }

  private static List<Segment> author(MatchResult verb, BigDecimal number) {
    return padded(verb, List.of(new Segment(number.toPlainString(), Origin.AUTHOR)));
  }

  private static List<Segment> padded(MatchResult verb, List<Segment> segments) {
    int width = verb.group(2).isEmpty() ? 0 : Integer.parseInt(verb.group(2));
    int chars = segments.stream().mapToInt(segment -> segment.text().length()).sum();
    if (chars >= width) {
      return segments;
    }
    boolean left = verb.group(1).startsWith("-");
    var padding = new Segment((verb.group(1).endsWith("0") ? "0" : " ").repeat(width - chars), segments.isEmpty()
        ? Origin.AUTHOR
        : segments.getFirst().origin());
    var all = new ArrayList<>(segments);
    all.add(left ? all.size() : 0, padding);
    return all;
  }

  private static List<Segment> segments(Value value, Tag at) {
    return switch (value) {
      case Nothing(var name) -> throw Output.missing(name, at);
      case Text(var segments) -> segments;
      case Value.Numeral _,Value.Truth _ -> List.of(new Segment(value.plain().orElse(""), Origin.AUTHOR));
      case Value.Tree(var node) -> List.of(new Segment(node.toString(), Origin.INPUT));
    };
  }
}
