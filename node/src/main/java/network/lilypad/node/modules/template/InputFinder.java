package network.lilypad.node.modules.template;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.node.modules.template.Expression.Call;
import network.lilypad.node.modules.template.Expression.Constant;
import network.lilypad.node.modules.template.Expression.Dot;
import network.lilypad.node.modules.template.Expression.Member;
import network.lilypad.node.modules.template.Expression.Variable;

/// Finds the inputs that a template reads, without rendering it.
final class InputFinder {
  private static final List<String> WITH_FORMAT = List.of("printf", "subst");

  private final SortedMap<String, Input> found = new TreeMap<>();

  static Collection<Input> in(List<Piece> pieces) {
    var finder = new InputFinder();
    finder.pieces(pieces, true);
    return List.copyOf(finder.found.values());
  }

  private void pieces(List<Piece> pieces, boolean atRoot) {
    for (var piece : pieces) {
      switch (piece) {
        case Piece.Plain _ -> {}
        case Piece.Print(var value, _) -> expression(value, atRoot, true);
        case Piece.Assign assign -> expression(assign.value(), atRoot, false);
        case Piece.Choice choice -> choice(choice, atRoot);
        case Piece.Loop loop -> {
          expression(loop.items(), atRoot, false);
          pieces(loop.body(), false);
          pieces(loop.otherwise(), atRoot);
        }
      }
    }
  }

  private void choice(Piece.Choice choice, boolean atRoot) {
    if (choice.value() instanceof Member(var of, var name) && isRoot(of, atRoot)) {
      add(new Input(name, false, fallback(choice.otherwise(), prefix(choice.given()).stripLeading())));
    } else {
      expression(choice.value(), atRoot, false);
    }
    pieces(choice.given(), atRoot && !choice.narrows());
    pieces(choice.otherwise(), atRoot);
  }

  /// What the template writes before a value that is given, such as `"PROMPT=`.
  private static String prefix(List<Piece> given) {
    var before = new StringBuilder();
    for (var piece : given) {
      switch (piece) {
        case Piece.Plain(var text) -> before.append(text);
        case Piece.Print(Call(var function, var arguments), _) when WITH_FORMAT.contains(function)
            && arguments.getFirst() instanceof Constant(Value.Text format) -> {
          var text = format.joined();
          return before.append(text, 0, Math.max(0, text.indexOf('%'))).toString();
        }
        case Piece.Print _ -> {
          return before.toString();
        }
        case Piece.Assign _,Piece.Choice _,Piece.Loop _ -> {
          return "";
        }
      }
    }
    return "";
  }

  /// The default as one would give it: without what the template writes itself.
  private static String fallback(List<Piece> otherwise, String prefix) {
    if (otherwise.size() != 1 || !(otherwise.getFirst() instanceof Piece.Plain(var plain))) {
      return "";
    }
    var text = plain.strip();
    text = text.endsWith(",") ? text.substring(0, text.length() - 1).strip() : text;
    var value = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    value = value.startsWith("\"") ? value.substring(1) : value;
    return text.startsWith("\"") && value.endsWith("\"") ? value.substring(0, value.length() - 1) : value;
  }

  private void expression(Expression expression, boolean atRoot, boolean required) {
    switch (expression) {
      case Constant _,Dot _,Variable _ -> {}
      case Member(var of, var name) when isRoot(of, atRoot) -> add(new Input(name, required, ""));
      case Member(var of, _) -> expression(of, atRoot, required);
      case Call(var function, var arguments) when function.equals("index") && arguments.size() > 1
          && isRoot(arguments.getFirst(), atRoot)
          && arguments.get(1) instanceof Constant(Value.Text name) ->
        add(new Input(name.joined(), required, ""));
      case Call(var function, var arguments) when function.equals("or") -> alternatives(arguments, atRoot);
      case Call(var function, var arguments) -> arguments.forEach(argument -> expression(argument, atRoot,
          required && List.of("print", "printf", "subst").contains(function)));
    }
  }

  private void alternatives(List<Expression> arguments, boolean atRoot) {
    var fallback = arguments.getLast() instanceof Constant(Value.Text text) ? text.joined() : "";
    for (var argument : arguments) {
      if (argument instanceof Member(var of, var name) && isRoot(of, atRoot)) {
        add(new Input(name, false, fallback));
      } else {
        expression(argument, atRoot, false);
      }
    }
  }

  private static boolean isRoot(Expression expression, boolean atRoot) {
    return (expression instanceof Dot && atRoot) || (expression instanceof Variable(var name) && name.equals("$"));
  }

  /// One use that asks first makes an input optional.
  private void add(Input input) {
    found.merge(input.name(), input, (one, other) -> new Input(one.name(), one.required() && other.required(),
        one.fallback().isEmpty() ? other.fallback() : one.fallback()));
  }
}
