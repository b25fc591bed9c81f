package network.lilypad.node.modules.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.modules.template.Value.Nothing;
import network.lilypad.node.modules.template.Value.Numeral;
import network.lilypad.node.modules.template.Value.Text;
import network.lilypad.node.modules.template.Value.Text.Origin;
import network.lilypad.node.modules.template.Value.Tree;
import network.lilypad.node.modules.template.Value.Truth;

/// The functions of a template, for one tag of one rendering. `and` and `or` are not here: they do not look at all
/// their arguments.
record Functions(Budget budget, Tag at) {
  /// All that a template may call.
  static final List<String> NAMES = List.of("and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index",
      "print", "printf", "subst");

  private static final ObjectMapper JSON = new ObjectMapper();

  Value call(String name, List<Value> arguments) {
    return switch (name) {
      case "not" -> new Truth(!exactly(1, name, arguments).getFirst().holds());
      case "eq" -> new Truth(equalsAny(atLeast(2, name, arguments)));
      case "ne" -> new Truth(!same(exactly(2, name, arguments).getFirst(), arguments.getLast()));
      case "lt" -> new Truth(order(name, arguments) < 0);
      case "le" -> new Truth(order(name, arguments) <= 0);
      case "gt" -> new Truth(order(name, arguments) > 0);
      case "ge" -> new Truth(order(name, arguments) >= 0);
      case "len" -> Numeral.of(length(exactly(1, name, arguments).getFirst()));
      case "index" -> index(atLeast(1, name, arguments));
      case "print" -> Format.print(arguments, at, budget);
      case "printf" -> Format.printf(format(name, arguments), arguments.subList(1, arguments.size()), at, budget);
      case "subst" -> Format.subst(format(name, arguments), arguments.subList(1, arguments.size()), at, budget);
      default -> throw at.refused("one of the functions " + String.join(", ", NAMES));
    };
  }

  List<Value> atLeast(int count, String name, List<Value> arguments) {
    if (arguments.size() < count) {
      throw at.refused("at least " + count + " arguments for " + name);
    }
    return arguments;
  }

  private List<Value> exactly(int count, String name, List<Value> arguments) {
    if (arguments.size() != count) {
      throw at.refused(count + (count == 1 ? " argument for " : " arguments for ") + name);
    }
    return arguments;
  }

  private String format(String name, List<Value> arguments) {
    if (atLeast(1, name, arguments).getFirst() instanceof Text text) {
      return text.joined();
    }
    throw at.refused("a text as first argument of " + name);
  }

  private boolean equalsAny(List<Value> arguments) {
    return arguments.subList(1, arguments.size()).stream().anyMatch(other -> same(arguments.getFirst(), other));
  }

  /// Inputs are compared by what was typed. The predecessor compared their JSON, so a constant with quotes of its own
  /// matches too.
  private boolean same(Value one, Value other) {
    var numbers = numbers(one, other);
    if (numbers.isPresent()) {
      return numbers.get().getFirst().compareTo(numbers.get().getLast()) == 0;
    }
    var left = one.plain().orElse("");
    var right = other.plain().orElse("");
    budget.spend(left.length() + (long) right.length(), at);
    return left.equals(right) || quotedForm(one, left, right) || quotedForm(other, right, left);
  }

  private static boolean quotedForm(Value constant, String quoted, String typed) {
    boolean author = constant instanceof Text(var segments)
        && segments.stream().allMatch(segment -> segment.origin() == Origin.AUTHOR);
    return author && quoted.length() == typed.length() + 2 && quoted.equals('"' + typed + '"');
  }

  /// Both as numbers, where at least one is a number and the other is one or reads as one.
  private static Optional<List<BigDecimal>> numbers(Value one, Value other) {
    if (!(one instanceof Numeral) && !(other instanceof Numeral)) {
      return Optional.empty();
    }
    var left = one.plain().flatMap(Value::number);
    var right = other.plain().flatMap(Value::number);
    return left.isPresent() && right.isPresent() ? Optional.of(List.of(left.get(), right.get())) : Optional.empty();
  }

  private int order(String name, List<Value> arguments) {
    exactly(2, name, arguments);
    var numbers = numbers(arguments.getFirst(), arguments.getLast());
    if (numbers.isPresent()) {
      return numbers.get().getFirst().compareTo(numbers.get().getLast());
    }
    for (var argument : arguments) {
      if (argument instanceof Nothing(var missing)) {
        throw Output.missing(missing, at);
      }
    }
    if (arguments.getFirst() instanceof Text left && arguments.getLast() instanceof Text right) {
      return left.joined().compareTo(right.joined());
    }
    throw at.refused("two numbers or two texts for " + name);
  }

  private long length(Value of) {
    return switch (of) {
      case Nothing _ -> 0;
      case Tree(var node) -> node.size();
      case Text text -> tree(text).map(tree -> (long) tree.node().size())
          .orElseGet(() -> text.joined().codePoints().count());
      case Numeral _,Truth _ -> throw at.refused("a text, list or object for len");
    };
  }

  private Value index(List<Value> arguments) {
    var value = arguments.getFirst();
    for (var key : arguments.subList(1, arguments.size())) {
      value = entry(value, key);
    }
    return value;
  }

  private Value entry(Value of, Value key) {
    var name = key.plain().orElse("");
    if (of instanceof Nothing) {
      return of;
    }
    var node = elements(of).orElseThrow(() -> at.refused("a JSON list or object for index")).node();
    if (!node.isArray()) {
      return node.has(name) ? Value.of(name, node.get(name)) : new Nothing(name);
    }
    var position = Value.number(name).filter(number -> number.scale() <= 0 && number.signum() >= 0
        && number.compareTo(BigDecimal.valueOf(node.size())) < 0);
    return Value.of(name, node.get(position.orElseThrow(
        () -> at.refused("an index from 0 to " + (node.size() - 1) + " instead of " + name)).intValue()));
  }

  /// A list or object, also one that was given as the text of an input.
  Optional<Tree> elements(Value value) {
    return switch (value) {
      case Tree tree -> Optional.of(tree);
      case Text text -> tree(text);
      case Nothing _,Numeral _,Truth _ -> Optional.empty();
    };
  }

  private Optional<Tree> tree(Text text) {
    var joined = text.joined().strip();
    budget.spend(joined.length(), at);
    if (!joined.startsWith("[") && !joined.startsWith("{")) {
      return Optional.empty();
    }
    try {
      var node = JSON.readTree(joined);
      return node.isContainerNode() ? Optional.of(new Tree(node)) : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  /// What `range` goes through: index or key, and element.
  List<List<Value>> pairs(Value items) {
    var pairs = new ArrayList<List<Value>>();
    if (items instanceof Numeral(var number)) {
      if (number.compareTo(BigDecimal.valueOf(Budget.ITEMS_MAX)) > 0) {
        throw at.refused("at most " + Budget.ITEMS_MAX + " rounds for range");
      }
      long count = number.max(BigDecimal.ZERO).longValue();
      budget.spend(count, at);
      for (long i = 0; i < count; i++) {
        pairs.add(List.of(Numeral.of(i), Numeral.of(i)));
      }
      return pairs;
    }
    if (items instanceof Nothing) {
      return pairs;
    }
    var node = elements(items).orElseThrow(() -> at.refused("a JSON list such as [\"a\",\"b\"], an object or a number "
        + "for range")).node();
    budget.spend(node.size(), at);
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        pairs.add(List.of(Numeral.of(i), Value.of("element " + i, node.get(i))));
      }
    } else {
      node.properties().stream().sorted(java.util.Map.Entry.comparingByKey()).forEach(entry -> pairs.add(
          List.of(Text.of(entry.getKey(), Origin.INPUT), Value.of(entry.getKey(), entry.getValue()))));
    }
    return pairs;
  }
}
