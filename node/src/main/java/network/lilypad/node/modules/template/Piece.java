package network.lilypad.node.modules.template;

import java.util.List;
import java.util.Optional;

/// A piece of a parsed template.
sealed interface Piece {
  /// Text that stands as it is.
  record Plain(String text) implements Piece {}

  /// A value that is printed.
  record Print(Expression value, Tag at) implements Piece {}

  /// `$name := value` or `$name = value`.
  ///
  /// @param declares whether it makes the variable
  record Assign(String variable, Expression value, boolean declares, Tag at) implements Piece {}

  /// `if` and `with`.
  ///
  /// @param narrows whether the first branch looks at the value
  record Choice(Optional<String> variable, Expression value, boolean narrows, List<Piece> given,
      List<Piece> otherwise, Tag at) implements Piece {}

  /// `range`.
  ///
  /// @param variables none; the element's; or the index's and the element's
  record Loop(List<String> variables, Expression items, List<Piece> body, List<Piece> otherwise,
      Tag at) implements Piece {}
}
