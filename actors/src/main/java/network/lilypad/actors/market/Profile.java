package network.lilypad.actors.market;

/// Rows of [#WIDTH] words: first numbers, of which more is better, then masks, of which more bits are better. A row
/// *covers* a query when it is at least as good in every word. The join of rows is the least row that is at least as
/// good as each, so a query that a join does not cover is covered by none of its rows.
final class Profile {
  /// Words compared as signed numbers.
  static final int NUMBERS = 11;
  /// All words of a row; the rest are masks.
  static final int WIDTH = 14;

  private Profile() {}

  static boolean covers(long[] rows, int at, long[] query) {
    for (int i = 0; i < NUMBERS; i++) {
      if (rows[at + i] < query[i]) {
        return false;
      }
    }
    for (int i = NUMBERS; i < WIDTH; i++) {
      if ((query[i] & ~rows[at + i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether the row at `at` is better than `old` in any word.
  static boolean exceeds(long[] row, long[] old) {
    return !covers(old, 0, row);
  }

  static void clear(long[] rows, int at) {
    for (int i = 0; i < WIDTH; i++) {
      rows[at + i] = worst(i);
    }
  }

  static void join(long[] rows, int at, long[] other, int otherAt) {
    for (int i = 0; i < WIDTH; i++) {
      rows[at + i] = better(i, rows[at + i], other[otherAt + i]);
    }
  }

  /// The join of one word over `size` rows, given a bound that it cannot exceed: reaching it ends the search.
  static long join(int word, long[] rows, int size, long bound) {
    long best = worst(word);
    for (int i = word; i < size * WIDTH && best != bound; i += WIDTH) {
      best = better(word, best, rows[i]);
    }
    return best;
  }

  static long better(int word, long one, long other) {
    return word < NUMBERS ? Math.max(one, other) : one | other;
  }

  private static long worst(int word) {
    return word < NUMBERS ? Long.MIN_VALUE : 0;
  }
}
