package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Why a job has no machine: how the offers fall, rule by rule, and what would help.
///
/// @param offers how many machines are listed
/// @param matching how many would take the job now
/// @param filters the rules at which offers fall, in the order of [Rule]; an offer falls at its first
/// @param remedies single changes that would be enough for at least one offer, in the order of [Rule]
public record Explanation(int offers, int matching, List<Filter> filters, List<Remedy> remedies) {
  /// Copies.
  public Explanation {
    filters = List.copyOf(filters);
    remedies = List.copyOf(remedies);
  }

  /// One rule at which offers fall.
  ///
  /// @param rule the rule
  /// @param fell how many fell here
  /// @param left how many passed this and all earlier rules
  /// @param nearest the mismatch of the one that came nearest
  public record Filter(Rule rule, int fell, int left, Mismatch nearest) {}

  /// A rule that is all that stands between the job and some offers.
  ///
  /// @param rule the rule
  /// @param offers how many offers fall at it alone
  /// @param nearest the smallest change that would be enough for one of them
  public record Remedy(Rule rule, int offers, Mismatch nearest) {}

  static Explanation of(Rules rules, JobEntry job, Collection<? extends Supply> machines, long now) {
    var first = new EnumMap<Rule, Tally>(Rule.class);
    var only = new EnumMap<Rule, Tally>(Rule.class);
    int matching = 0;
    for (Supply machine : machines) {
      var all = rules.checkAll(job, machine, now);
      if (all.isEmpty()) {
        matching++;
      } else {
        first.merge(all.getFirst().rule(), new Tally(1, all.getFirst()), Tally::plus);
      }
      if (all.size() == 1) {
        only.merge(all.getFirst().rule(), new Tally(1, all.getFirst()), Tally::plus);
      }
    }
    var remedies = new ArrayList<Remedy>();
    only.forEach((rule, tally) -> remedies.add(new Remedy(rule, tally.count, tally.nearest)));
    return new Explanation(machines.size(), matching, filters(first, machines.size()), remedies);
  }

  private static List<Filter> filters(Map<Rule, Tally> fell, int offers) {
    var filters = new ArrayList<Filter>();
    int left = offers;
    for (var rule : fell.entrySet()) {
      left -= rule.getValue().count;
      filters.add(new Filter(rule.getKey(), rule.getValue().count, left, rule.getValue().nearest));
    }
    return filters;
  }

  private record Tally(int count, Mismatch nearest) {
    Tally plus(Tally other) {
      return new Tally(count + other.count, nearer(nearest, other.nearest));
    }

    /// Equally near ones are told apart by their text, so that the answer does not depend on the order of machines.
    private static Mismatch nearer(Mismatch one, Mismatch other) {
      int order = Long.compare(one.distance(), other.distance());
      order = order != 0 || one.equals(other) ? order : one.text().compareTo(other.text());
      return order <= 0 ? one : other;
    }
  }

  /// The explanation for a person, a line for each rule and remedy.
  public List<String> lines() {
    if (offers == 0) {
      return List.of("the market has no offers at all: wait for a provider, or start one with `lilypad provider`");
    }
    var lines = new ArrayList<String>();
    lines.add(offers + " offers in the market");
    filters.forEach(filter -> lines.add(filter.rule.title() + ": " + filter.fell + " fell, " + filter.left
        + " left; nearest: " + filter.nearest.text()));
    lines.add(matching + " would take the job now");
    remedies.forEach(remedy -> lines.add("what would help: " + remedy.nearest.remedy() + " (" + remedy.offers
        + " of the offers fall at " + remedy.rule.title() + " alone)"));
    if (matching == 0 && remedies.isEmpty()) {
      lines.add("no single change would help: every offer falls at more than one rule");
    }
    return lines;
  }
}
