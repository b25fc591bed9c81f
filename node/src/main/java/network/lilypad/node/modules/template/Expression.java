package network.lilypad.node.modules.template;

import java.util.List;

/// Something that becomes a value. A pipeline is a call whose last argument is what stands before the bar.
sealed interface Expression {
  /// A value that the author wrote.
  record Constant(Value value) implements Expression {}

  /// What the template looks at: all inputs, or inside `with` and `range` what these name.
  record Dot() implements Expression {}

  /// A variable; `$` is all inputs.
  record Variable(String name) implements Expression {}

  /// An entry of another value.
  record Member(Expression of, String name) implements Expression {}

  /// A function's value.
  record Call(String function, List<Expression> arguments) implements Expression {}
}
