package network.lilypad.node.modules.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.lilypad.node.modules.template.Expression.Call;
import network.lilypad.node.modules.template.Expression.Constant;
import network.lilypad.node.modules.template.Expression.Dot;
import network.lilypad.node.modules.template.Expression.Member;
import network.lilypad.node.modules.template.Expression.Variable;
import network.lilypad.node.modules.template.Value.Nothing;

/// One pass over a template with one set of inputs.
final class Rendering {
  private final Value inputs;
  private final Output output;
  private final Budget budget = new Budget();
  private final Deque<Map<String, Value>> scopes = new ArrayDeque<>();

  Rendering(Value inputs, Output output) {
    this.inputs = inputs;
    this.output = output;
    scopes.push(new HashMap<>());
  }

  void all(List<Piece> pieces) {
    all(pieces, inputs);
  }

  private void all(List<Piece> pieces, Value dot) {
    for (var piece : pieces) {
      switch (piece) {
        case Piece.Plain(var text) -> output.author(text);
        case Piece.Print(var value, var at) -> output.print(value(value, dot, at), at);
        case Piece.Assign assign -> assign(assign, dot);
        case Piece.Choice choice -> choose(choice, dot);
        case Piece.Loop loop -> loop(loop, dot);
      }
    }
  }

  private void assign(Piece.Assign assign, Value dot) {
    var value = value(assign.value(), dot, assign.at());
    var scope = assign.declares() ? scopes.getFirst() : holding(assign.variable(), assign.at());
    scope.put(assign.variable(), value);
  }

  private Map<String, Value> holding(String variable, Tag at) {
    return scopes.stream().filter(scope -> scope.containsKey(variable)).findFirst()
        .orElseThrow(() -> at.refused(variable + " declared before, with :="));
  }

  private void choose(Piece.Choice choice, Value dot) {
    var value = value(choice.value(), dot, choice.at());
    scopes.push(new HashMap<>());
    choice.variable().ifPresent(variable -> scopes.getFirst().put(variable, value));
    if (value.holds()) {
      all(choice.given(), choice.narrows() ? value : dot);
    } else {
      all(choice.otherwise(), dot);
    }
    scopes.pop();
  }

  private void loop(Piece.Loop loop, Value dot) {
    var pairs = new Functions(budget, loop.at()).pairs(value(loop.items(), dot, loop.at()));
    for (var pair : pairs) {
      budget.spend(1 + loop.body().size(), loop.at());
      scopes.push(new HashMap<>());
      bind(loop.variables(), pair);
      all(loop.body(), pair.getLast());
      scopes.pop();
    }
    if (pairs.isEmpty()) {
      all(loop.otherwise(), dot);
    }
  }

  private void bind(List<String> variables, List<Value> pair) {
    if (variables.size() == 2) {
      scopes.getFirst().put(variables.getFirst(), pair.getFirst());
    }
    if (!variables.isEmpty()) {
      scopes.getFirst().put(variables.getLast(), pair.getLast());
    }
  }

  private Value value(Expression expression, Value dot, Tag at) {
    budget.spend(1, at);
    return switch (expression) {
      case Constant(var value) -> value;
      case Dot() -> dot;
      case Variable(var name) -> name.equals("$") ? inputs : holding(name, at).getOrDefault(name, new Nothing(name));
      case Member(var of, var name) -> member(value(of, dot, at), name, at);
      case Call(var function, var arguments) -> call(function, arguments, dot, at);
    };
  }

  private Value member(Value of, String name, Tag at) {
    if (of instanceof Nothing) {
      return new Nothing(name);
    }
    var node = new Functions(budget, at).elements(of).map(Value.Tree::node).filter(tree -> tree.isObject())
        .orElseThrow(() -> at.refused("an object that has ." + name));
    return node.has(name) ? Value.of(name, node.get(name)) : new Nothing(name);
  }

  private Value call(String function, List<Expression> arguments, Value dot, Tag at) {
    var functions = new Functions(budget, at);
    if (!function.equals("and") && !function.equals("or")) {
      return functions.call(function, arguments.stream().map(argument -> value(argument, dot, at)).toList());
    }
    if (arguments.isEmpty()) {
      throw at.refused("at least 1 argument for " + function);
    }
    Value last = new Nothing(function);
    for (var argument : arguments) {
      last = value(argument, dot, at);
      if (last.holds() == function.equals("or")) {
        return last;
      }
    }
    return last;
  }
}
