package network.lilypad.executor.egress;

import java.util.SortedSet;
import java.util.TreeSet;

/// What became of a run's requests. Lines are sorted and each is there once, whatever the order and the number of the
/// requests: a program that does the same gets the same lines. Thread-safe.
final class Journal {
  /// A program that asks for more hosts than this gets a line about the rest.
  static final int LINES_MAX = 32;

  private final SortedSet<String> lines = new TreeSet<>();
  private int leftOut;
  private int opened;
  private int refused;

  synchronized void opened() {
    opened++;
  }

  /// @param what about whom; of printable characters
  synchronized void refused(String what, String why) {
    refused++;
    var line = "lilypad: network: refused " + what + " (" + why + ")";
    if (lines.size() < LINES_MAX) {
      lines.add(line);
    } else if (!lines.contains(line)) {
      leftOut++;
    }
  }

  /// Lines for `stderr` about what was refused, empty if nothing was.
  synchronized String notes() {
    var more = leftOut == 0 ? "" : "lilypad: network: refused more than " + LINES_MAX + " destinations\n";
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n" + more;
  }

  @Override public synchronized String toString() {
    return opened + " connections, " + refused + " requests refused";
  }
}
