package network.lilypad.actors.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: what is to happen next, in the order of its time, then of its being planned.
final class Scheduler {
  /// The ledger second at which every run begins: any number well above all durations.
  static final long BEGIN_SECONDS = 1_000_000;

  /// One thing that happens.
  record Step(long at, long order, String who, Object what, Runnable work) {}

  private final PriorityQueue<Step> queue = new PriorityQueue<>(
      Comparator.comparingLong(Step::at).thenComparingLong(Step::order));
  private long now = BEGIN_SECONDS * 1000;
  private long planned;

  long millis() {
    return now;
  }

  long seconds() {
    return now / 1000;
  }

  void after(long millis, String who, Object what, Runnable work) {
    queue.add(new Step(now + Math.max(0, millis), planned++, who, what, work));
  }

  boolean hasNextBefore(long millis) {
    var first = queue.peek();
    return first != null && first.at <= millis;
  }

  /// Moves time to the next step and takes it.
  Step next() {
    var step = queue.remove();
    now = step.at;
    return step;
  }
}
