package network.lilypad.node.modules.template;

/// What one rendering may cost, in characters touched and pieces rendered: a template that loops for ever ends here.
final class Budget {
  /// A second or so of work; the largest sensible module costs a thousandth of it.
  static final int UNITS = 16 << 20;
  /// No text inside a template is longer than the whole rendered module may be.
  static final int TEXT_CHARS_MAX = 256 * 1024;

  /// No loop over a number is longer: each round writes something, or is for nothing.
  static final int ITEMS_MAX = 100_000;

  private int left = UNITS;

  void spend(long units, Tag at) {
    if (units > left) {
      throw at.refused("a template that ends within " + UNITS + " steps");
    }
    left -= (int) units;
  }

  /// A text that has been made.
  Value.Text made(Value.Text text, Tag at) {
    long chars = text.segments().stream().mapToLong(segment -> segment.text().length()).sum();
    spend(chars + text.segments().size(), at);
    if (chars > TEXT_CHARS_MAX) {
      throw at.refused("texts of at most " + TEXT_CHARS_MAX + " characters");
    }
    return text;
  }
}
