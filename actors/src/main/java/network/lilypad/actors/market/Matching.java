package network.lilypad.actors.market;

import java.util.TreeSet;
import network.lilypad.actors.market.RestingMachine.Ask;
import network.lilypad.protocol.Defect;
import org.jspecify.annotations.Nullable;

/// Finds the pairs. After every pair that fits has been taken, a pair can only begin to fit because of what is new: so
/// a *fresh* job walks through the machines, cheapest first, and what finds none waits on a shelf; and a machine that
/// is new or has *grown* looks through the waiting jobs, best first, and a job that suits it becomes fresh. The best
/// job of all is always served first. Time only ends pairs, so the clock wakes nobody.
///
/// Works in small steps and keeps its place between them: a job's walk is finished before another begins, and goes back
/// to a machine that grows behind it.
final class Matching {
  private final Rules rules;
  private final Stock stock;
  private final Shelves shelves;
  private final TreeSet<RestingJob> fresh = new TreeSet<>();
  private final TreeSet<Look> looks = new TreeSet<>();
  private @Nullable RestingJob walking;
  private @Nullable Ask cursor;
  private boolean inclusive;

  Matching(Rules rules, Stock stock, Shelves shelves) {
    this.rules = rules;
    this.stock = stock;
    this.shelves = shelves;
  }

  /// A job that suits a machine, and is on no shelf.
  record Pair(RestingJob job, RestingMachine machine) {}

  /// Whether nothing is left to find.
  boolean isIdle() { return walking == null && fresh.isEmpty() && looks.isEmpty(); }

  /// Rows looked at so far.
  long looked() {
    return stock.looked() + shelves.looked();
  }

  void add(RestingJob job) {
    fresh.add(job);
  }

  void remove(RestingJob job) {
    if (job.equals(walking)) {
      endWalk();
    } else if (job.isShelved()) {
      shelves.remove(job);
    } else {
      fresh.remove(job);
    }
  }

  /// A machine is new or can take more than before.
  void grown(RestingMachine machine, long now) {
    look(machine, shelves.next(machine, null, now));
    var place = cursor;
    var ask = walking == null ? null : machine.ask(walking.entry().wantsGpus());
    if (ask != null && place != null && ask.compareTo(place) <= 0) {
      cursor = ask;
      inclusive = true;
    }
  }

  /// A machine has left.
  void remove(RestingMachine machine) {
    look(machine, null);
  }

  private void look(RestingMachine machine, @Nullable RestingJob at) {
    if (machine.look != null) {
      looks.remove(machine.look);
    }
    machine.look = at == null ? null : new Look(at, machine);
    if (machine.look != null) {
      looks.add(machine.look);
    }
  }

  /// One step; null if it found no pair.
  @Nullable Pair step(long now) {
    if (walking == null) {
      if (!looks.isEmpty() && (fresh.isEmpty() || looks.first().job().compareTo(fresh.first()) < 0)) {
        look(looks.first(), now);
        return null;
      }
      walking = fresh.pollFirst();
    }
    return walking == null ? null : walk(walking, now);
  }

  private void look(Look look, long now) {
    var job = look.job();
    if (job.isShelved() && rules.match(job.entry(), look.machine(), now)) {
      shelves.remove(job);
      fresh.add(job);
    } else {
      look(look.machine(), shelves.next(look.machine(), job, now));
    }
  }

  private @Nullable Pair walk(RestingJob job, long now) {
    if (job.entry().lastStart() < now) {
      return shelve(job);
    }
    if (!job.entry().offer().target().isZero()) {
      var best = stock.bestOfTarget(job.entry(), rules, now);
      return best == null ? shelve(job) : found(job, best);
    }
    var ask = stock.next(job.entry(), cursor, inclusive, now);
    if (ask == null) {
      return shelve(job);
    }
    if (rules.match(job.entry(), ask.machine(), now)) {
      return found(job, ask.machine());
    }
    cursor = ask;
    inclusive = false;
    return null;
  }

  private Pair found(RestingJob job, RestingMachine machine) {
    endWalk();
    return new Pair(job, machine);
  }

  private @Nullable Pair shelve(RestingJob job) {
    endWalk();
    shelves.add(job);
    return null;
  }

  private void endWalk() {
    walking = null;
    cursor = null;
    inclusive = false;
  }

  /// How many jobs wait or are on their way.
  int jobs() {
    return shelves.size() + fresh.size() + (walking == null ? 0 : 1);
  }

  /// Checks the structure; for tests.
  void validate() {
    for (Look look : looks) {
      Defect.unless(look.equals(look.machine().look), "look: its machine knows another");
      Defect.unless(look.machine().equals(stock.get(look.machine().id())), "look: its machine has left");
    }
    for (RestingJob job : fresh) {
      Defect.unless(!job.isShelved(), "job: fresh and on a shelf");
    }
    Defect.unless(walking == null || (!walking.isShelved() && !fresh.contains(walking)), "job: walks twice");
  }
}
