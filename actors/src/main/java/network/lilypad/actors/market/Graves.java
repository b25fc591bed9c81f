package network.lilypad.actors.market;

import java.util.LinkedHashMap;

/// How far the life of things that have left the book had come, so that a late word does not bring them back. Keeps the
/// latest [#CAPACITY]; a word that is later still costs one refused proposal.
final class Graves<K> {
  /// Half a minute of departures at 500 a second, longer than any word is under way; some 3 MiB.
  static final int CAPACITY = 16_384;
  private static final long NEVER = -1;
  private final LinkedHashMap<K, Long> counters = new LinkedHashMap<>();

  /// @param counter the last that is over
  void bury(K key, long counter) {
    counters.putLast(key, Math.max(counter, last(key)));
    if (counters.size() > CAPACITY) {
      counters.pollFirstEntry();
    }
  }

  /// The last counter that is over; -1 if none is known.
  long last(K key) {
    return counters.getOrDefault(key, NEVER);
  }
}
