package network.lilypad.actors.simulation;

import java.util.SplittableRandom;

/// How bad the weather of one run is: drawn from its seed, from calm to hurricane, until the storm is over.
///
/// @param drop how often a message is lost
/// @param repeat how often a message comes twice
/// @param slow how often a message is late
/// @param slowestMillis how late at most
/// @param crash how often an entity crashes at a write, before or after it
/// @param crashEveryMillis how often somebody is killed for no reason
/// @param outages how often the ledger stands still
/// @param sloppiness how often the market proposes nonsense
/// @param malice how often a provider misbehaves
/// @param stormSeconds how long all this lasts
record Faults(double drop, double repeat, double slow, long slowestMillis, double crash, long crashEveryMillis,
    int outages, double sloppiness, double malice, long stormSeconds) {
  private static final long[] SLOWEST = {300, 3_000, 30_000, 200_000};

  static Faults draw(SplittableRandom random) {
    double force = random.nextInt(8) == 0 ? 0 : random.nextDouble();
    return new Faults(force * pick(random, 0, 0.1, 0.4), force * pick(random, 0, 0.1, 0.5),
        force * pick(random, 0, 0.1, 0.5), SLOWEST[random.nextInt(SLOWEST.length)],
        force * pick(random, 0, 0.02, 0.1), (long) pick(random, 1_000_000, 20_000, 4_000),
        force == 0 ? 0 : random.nextInt(4), force * pick(random, 0, 0.1, 0.4), pick(random, 0, 0.2, 0.7),
        60 + random.nextInt(240));
  }

  private static double pick(SplittableRandom random, double... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
