package network.lilypad.actors.simulation;

import java.util.ArrayList;
import java.util.Optional;

/// One run: a seed makes the weather, the parties and every accident. After the storm all faults stop, and everything
/// must end within a bound.
final class Simulation {
  /// From the last offer's validUntil, or the end of storm and outages, until nothing may be left: the longest way of a
  /// deal (negotiation 90, opening 60, run 120, storing 300, grace 30, review 90 s), what a machine waits before it
  /// asks for an overdue slice (120 s), and five retries of a minute each, of which two follow a keeper.
  static final long END_BOUND_SECONDS = 90 + 60 + Creator.LONGEST_RUN_SECONDS + 300 + 30 + 120
      + Creator.LONGEST_REVIEW_SECONDS + 5 * 60;

  /// How a run went.
  ///
  /// @param violation what did not hold, if anything
  /// @param trace the last steps
  record Outcome(long seed, Optional<String> violation, String trace, Coverage coverage) {
    /// What a person needs to see it again.
    String report() {
      return "seed " + seed + ": " + violation.orElse("no violation") + "\n" + trace
          + "\nreplay: mvn verify -pl actors -am -Psim -Dsim.seed=" + seed + "\n";
    }
  }

  private final long seed;
  private final World world;

  private Simulation(long seed, Sabotage sabotage, boolean wholeTrace) {
    this.seed = seed;
    this.world = new World(seed, sabotage, wholeTrace);
  }

  static Outcome run(long seed, Sabotage sabotage, boolean wholeTrace) {
    return new Simulation(seed, sabotage, wholeTrace).run();
  }

  private Outcome run() {
    Optional<String> violation = Optional.empty();
    try {
      populate();
      live();
      world.auditor.checkEnd();
      world.coverage.note(world);
    } catch (RuntimeException broken) {
      violation = Optional.of(broken instanceof Violation ? String.valueOf(broken.getMessage()) : trouble(broken));
    }
    return new Outcome(seed, violation, violation.isPresent() || world.trace.whole() ? world.trace.toString() : "",
        world.coverage);
  }

  private static String trouble(RuntimeException broken) {
    return broken + " at " + broken.getStackTrace()[0];
  }

  private void populate() {
    int markets = 1 + world.random.nextInt(2);
    for (int i = 0; i < markets; i++) {
      world.markets.add(new Market(world));
    }
    int providers = 1 + world.random.nextInt(3);
    for (int i = 1; i <= providers; i++) {
      world.agents.add(new Agent(world, i));
    }
    int jobs = 1 + world.random.nextInt(7);
    for (int i = 1; i <= jobs; i++) {
      new Creator(world, i).begin();
    }
    killSomebody();
  }

  private void live() {
    long end = 1000 * (END_BOUND_SECONDS + Math.max(world.line.clearFrom(), Math.max(
        Scheduler.BEGIN_SECONDS + Creator.SUBMIT_WITHIN_SECONDS + Creator.LONGEST_VALID_SECONDS,
        Scheduler.BEGIN_SECONDS + world.faults.stormSeconds() + world.faults.slowestMillis() / 1000)));
    while (world.clock.hasNextBefore(end)) {
      var step = world.clock.next();
      if (!(step.what() instanceof String)) {
        world.trace.add(step.at(), step.who(), step.what());
      }
      step.work().run();
      if (world.takeChanged()) {
        world.auditor.check();
      }
    }
  }

  private void killSomebody() {
    long pause = world.faults.crashEveryMillis();
    world.clock.after(pause / 2 + world.random.nextLong(pause), "chaos", "kills somebody", () -> {
      if (world.stormy()) {
        kill();
        killSomebody();
      }
    });
  }

  private void kill() {
    var nodes = new ArrayList<Node<?, ?, ?>>(world.jobs.values());
    nodes.addAll(world.deals.values());
    nodes.addAll(world.machines.values());
    int victim = world.random.nextInt(nodes.size() + world.agents.size());
    if (victim < nodes.size()) {
      nodes.get(victim).crash();
    } else {
      world.agents.get(victim - nodes.size()).crash();
    }
  }
}
