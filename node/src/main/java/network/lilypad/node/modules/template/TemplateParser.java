package network.lilypad.node.modules.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.modules.template.Piece.Assign;
import network.lilypad.node.modules.template.Piece.Choice;
import network.lilypad.node.modules.template.Piece.Loop;
import network.lilypad.node.modules.template.Piece.Plain;
import network.lilypad.node.modules.template.Piece.Print;
import network.lilypad.node.modules.template.Scanner.Part;

/// Reads a template from left to right into a tree of pieces.
final class TemplateParser {
  /// Deeper nesting, an `else if` counted as one level, is nothing a person wrote.
  static final int DEPTH_MAX = 64;

  private final Iterator<Part> parts;

  private TemplateParser(List<Part> parts) {
    this.parts = parts.iterator();
  }

  static List<Piece> parse(String text) {
    var pieces = new ArrayList<Piece>();
    var parser = new TemplateParser(Scanner.scan(text));
    parser.sequence(pieces, 0).ifPresent(open -> {
      throw open.tag().refused("an if, with or range before it");
    });
    return pieces;
  }

  /// Reads pieces until the end of the text, or until an `else` or `end`, which it returns.
  private Optional<ExpressionParser> sequence(List<Piece> into, int depth) {
    while (parts.hasNext()) {
      switch (parts.next()) {
        case Part.Plain(var text) -> into.add(new Plain(text));
        case Part.Action(var tag) -> {
          var words = new ExpressionParser(tag);
          if (tag.inside().equals("end") || tag.inside().equals("else") || tag.inside().startsWith("else ")) {
            return Optional.of(words);
          }
          into.add(piece(words, depth));
        }
      }
    }
    return Optional.empty();
  }

  private Piece piece(ExpressionParser words, int depth) {
    if (depth > DEPTH_MAX) {
      throw words.tag().refused("at most " + DEPTH_MAX + " blocks inside each other");
    }
    if (words.keyword("if")) {
      return choice(words, false, depth);
    }
    if (words.keyword("with")) {
      return choice(words, true, depth);
    }
    if (words.keyword("range")) {
      return loop(words, depth);
    }
    if (words.variableBefore(List.of(":=", "="))) {
      var variable = words.variable();
      boolean declares = words.sign(":=");
      if (!declares) {
        words.sign("=");
      }
      return new Assign(variable, words.rest(), declares, words.tag());
    }
    return new Print(words.rest(), words.tag());
  }

  private Choice choice(ExpressionParser words, boolean narrows, int depth) {
    var variable = declared(words);
    var value = words.rest();
    var given = new ArrayList<Piece>();
    var otherwise = new ArrayList<Piece>();
    var closing = closing(words, given, depth);
    if (closing.keyword("else")) {
      if (closing.keyword("if")) {
        otherwise.add(nested(closing, false, depth));
        return new Choice(variable, value, narrows, given, otherwise, words.tag());
      }
      if (closing.keyword("with")) {
        otherwise.add(nested(closing, true, depth));
        return new Choice(variable, value, narrows, given, otherwise, words.tag());
      }
      closing.end();
      closing = closing(words, otherwise, depth);
    }
    requireEnd(closing);
    return new Choice(variable, value, narrows, given, otherwise, words.tag());
  }

  private Choice nested(ExpressionParser words, boolean narrows, int depth) {
    if (depth >= DEPTH_MAX) {
      throw words.tag().refused("at most " + DEPTH_MAX + " blocks inside each other");
    }
    return choice(words, narrows, depth + 1);
  }

  private static Optional<String> declared(ExpressionParser words) {
    if (!words.variableBefore(List.of(":="))) {
      return Optional.empty();
    }
    var variable = words.variable();
    words.sign(":=");
    return Optional.of(variable);
  }

  private Loop loop(ExpressionParser words, int depth) {
    var variables = new ArrayList<String>();
    if (words.variableBefore(List.of(":=", ","))) {
      variables.add(words.variable());
      if (words.sign(",")) {
        variables.add(words.variable());
      }
      if (!words.sign(":=")) {
        throw words.tag().refused(":= after its variables");
      }
    }
    var items = words.rest();
    var body = new ArrayList<Piece>();
    var otherwise = new ArrayList<Piece>();
    var closing = closing(words, body, depth);
    if (closing.keyword("else")) {
      closing.end();
      closing = closing(words, otherwise, depth);
    }
    requireEnd(closing);
    return new Loop(variables, items, body, otherwise, words.tag());
  }

  private ExpressionParser closing(ExpressionParser opening, List<Piece> into, int depth) {
    return sequence(into, depth + 1).orElseThrow(() -> opening.tag().refused("an end after it"));
  }

  private static void requireEnd(ExpressionParser closing) {
    if (!closing.keyword("end") || !closing.atEnd()) {
      throw closing.tag().refused("end");
    }
  }
}
