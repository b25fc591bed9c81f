package network.lilypad.node.modules;

import java.util.List;

/// A piece of a parsed template.
sealed interface Piece {
  /// Text that stands as it is.
  record Text(String text) implements Piece {}

  /// An input.
  ///
  /// @param name which
  /// @param line where, for messages
  /// @param quoted whether it stands outside a JSON string and so brings its own quotes
  record Field(String name, int line, boolean quoted) implements Piece {}

  /// Texts with inputs between them: one text more than inputs. Stands inside a JSON string.
  record Subst(List<String> texts, List<String> names, int line) implements Piece {}

  /// One branch if the input is given, else the other.
  record Choice(String name, List<Piece> given, List<Piece> otherwise) implements Piece {}
}
