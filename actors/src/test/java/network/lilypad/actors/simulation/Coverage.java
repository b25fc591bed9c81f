package network.lilypad.actors.simulation;

import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealState;
import network.lilypad.actors.job.JobState;
import network.lilypad.actors.machine.Machine;

/// In how many runs each end was seen.
final class Coverage {
  private final Map<String, Integer> runs = new TreeMap<>();

  /// Notes what one run has come to.
  void note(World world) {
    var seen = new HashSet<String>();
    for (var job : world.jobs.values()) {
      if (job.state() instanceof JobState.Ended ended) {
        seen.add("job " + ended.outcome());
        ended.facts().history().forEach(ending -> seen.add("cause " + ending.cause()));
      }
    }
    for (var deal : world.deals.values()) {
      if (deal.state() instanceof DealState.Settling settling) {
        seen.add("deal " + settling.phase());
      }
      for (var event : deal.journal()) {
        seen.add("deal event " + event.getClass().getSimpleName());
        if (event instanceof Deal.Ended ended) {
          seen.add("cause " + ended.cause());
        }
      }
    }
    world.machines.values().stream().flatMap(machine -> machine.journal().stream()).forEach(event -> {
      if (event instanceof Machine.Delisted(var why, _)) {
        seen.add("machine " + why);
      }
    });
    seen.forEach(what -> runs.merge(what, 1, Integer::sum));
  }

  void add(Coverage other) {
    other.runs.forEach((what, count) -> runs.merge(what, count, Integer::sum));
  }

  boolean saw(String what) {
    return runs.containsKey(what);
  }

  @Override public String toString() {
    var text = new StringBuilder();
    runs.forEach((what, count) -> text.append("  %-36s %d%n".formatted(what, count)));
    return text.toString();
  }
}
