package network.lilypad.node.modules.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.node.modules.template.Expression.Call;
import network.lilypad.node.modules.template.Expression.Constant;
import network.lilypad.node.modules.template.Expression.Dot;
import network.lilypad.node.modules.template.Expression.Member;
import network.lilypad.node.modules.template.Expression.Variable;
import network.lilypad.node.modules.template.Token.Kind;

/// Reads the words of one tag from left to right.
final class ExpressionParser {
  /// Deeper parentheses are nothing a person wrote.
  static final int DEPTH_MAX = 16;

  private final Tag tag;
  private final List<Token> tokens;
  private int position;

  ExpressionParser(Tag tag) {
    this.tag = tag;
    this.tokens = Token.read(tag);
  }

  Tag tag() {
    return tag;
  }

  /// Takes the next word if it is this keyword.
  boolean keyword(String word) {
    boolean found = position < tokens.size() && tokens.get(position).isWord(word);
    position += found ? 1 : 0;
    return found;
  }

  /// Takes the next sign if it is this one.
  boolean sign(String sign) {
    boolean found = position < tokens.size() && tokens.get(position).is(sign);
    position += found ? 1 : 0;
    return found;
  }

  /// Whether a variable stands here, followed by one of these signs.
  boolean variableBefore(List<String> signs) {
    return position + 1 < tokens.size() && tokens.get(position).kind() == Kind.VARIABLE
        && signs.stream().anyMatch(tokens.get(position + 1)::is);
  }

  /// Takes a variable.
  String variable() {
    if (position >= tokens.size() || tokens.get(position).kind() != Kind.VARIABLE
        || tokens.get(position).text().equals("$")) {
      throw tag.refused("a variable such as $x");
    }
    return tokens.get(position++).text();
  }

  boolean atEnd() {
    return position == tokens.size();
  }

  void end() {
    if (!atEnd()) {
      throw tag.refused("nothing after its end, but there is " + tokens.get(position).text());
    }
  }

  /// Everything up to the end.
  Expression rest() {
    var value = pipeline(0);
    end();
    return value;
  }

  private Expression pipeline(int depth) {
    if (depth > DEPTH_MAX) {
      throw tag.refused("at most " + DEPTH_MAX + " parentheses inside each other");
    }
    var value = command(depth);
    for (int bars = 0; sign("|"); bars++) {
      if (bars == DEPTH_MAX || !(command(depth) instanceof Call(var function, var arguments))) {
        throw tag.refused("a function after each bar, at most " + DEPTH_MAX);
      }
      var all = new ArrayList<>(arguments);
      all.add(value);
      value = new Call(function, all);
    }
    return value;
  }

  private Expression command(int depth) {
    if (position < tokens.size() && tokens.get(position).kind() == Kind.WORD && !isConstant(tokens.get(position))) {
      var function = tokens.get(position++).text();
      if (!Functions.NAMES.contains(function)) {
        throw tag
            .refused("one of the functions " + String.join(", ", Functions.NAMES) + "; or a field, if, with, range, "
                + "else, end");
      }
      var arguments = new ArrayList<Expression>();
      while (operandHere()) {
        arguments.add(operand(depth));
      }
      return new Call(function, arguments);
    }
    return operand(depth);
  }

  private boolean operandHere() {
    return position < tokens.size() && (tokens.get(position).kind() != Kind.SIGN || tokens.get(position).is("("));
  }

  private Expression operand(int depth) {
    if (!operandHere()) {
      throw tag.refused("a field such as .Message, a variable, a text or a number");
    }
    var token = tokens.get(position++);
    var operand = switch (token.kind()) {
      case FIELD -> new Member(new Dot(), token.text());
      case DOT -> new Dot();
      case VARIABLE -> new Variable(token.text());
      case TEXT -> new Constant(Value.Text.of(token.text(), Value.Text.Origin.AUTHOR));
      case NUMBER -> new Constant(new Value.Numeral(new BigDecimal(token.text())));
      case SIGN -> parenthesis(depth);
      case WORD -> constant(token);
    };
    return members(operand);
  }

  private Expression parenthesis(int depth) {
    var inner = pipeline(depth + 1);
    if (!sign(")")) {
      throw tag.refused("a closing parenthesis");
    }
    return inner;
  }

  /// Fields that stand right behind an operand: `.A.B`, `$x.A`, `(index .L 0).A`.
  private Expression members(Expression of) {
    var member = of;
    while (position < tokens.size() && tokens.get(position).kind() == Kind.FIELD && !tokens.get(position).spaced()) {
      member = new Member(member, tokens.get(position++).text());
    }
    return member;
  }

  private static boolean isConstant(Token token) {
    return List.of("true", "false", "nil").contains(token.text());
  }

  private Expression constant(Token token) {
    return switch (token.text()) {
      case "true" -> new Constant(new Value.Truth(true));
      case "false" -> new Constant(new Value.Truth(false));
      case "nil" -> new Constant(new Value.Nothing("nil"));
      default -> throw tag.refused("parentheses around a function that is an argument: (" + token.text() + " ...)");
    };
  }
}
