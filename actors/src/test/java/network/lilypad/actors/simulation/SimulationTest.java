package network.lilypad.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The runs of every build, and with `-Psim` as many as asked for: `-Dsim.seeds=N`, from `-Dsim.first=K`, or one alone
/// with its whole trace: `-Dsim.seed=K`.
class SimulationTest {
  private static final int SEEDS_OF_A_BUILD = 2_000;
  private static final int SEEDS_UNTIL_CAUGHT = 1_500;
  /// What every build must have seen at least once.
  private static final List<String> ENDS = List.of("job DONE", "job FAILED", "job CANCELLED", "job EXPIRED",
      "cause COMPLETED", "cause CANCELLED", "cause INSUFFICIENT_FUNDS", "cause REFUSED", "cause INFRASTRUCTURE",
      "cause LAPSED", "cause RELEASED", "cause NO_RESULT", "cause EXPIRED", "deal RESULTS_ACCEPTED",
      "deal TIMEOUT_AGREE", "deal TIMEOUT_SUBMIT_RESULTS", "deal TIMEOUT_JUDGE_RESULTS", "deal CANCELLED",
      "deal LAPSED", "deal RELEASED", "deal event Overruled", "machine DRAINED", "machine AGENT_LOST");

  @Test void whatever_the_weather_every_invariant_holds_and_everything_ends() {
    var coverage = run(0, SEEDS_OF_A_BUILD);
    System.out.println("simulation: " + SEEDS_OF_A_BUILD + " seeds\n" + coverage);
    assertThat(ENDS).allMatch(coverage::saw);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE") void each_deliberate_bug_is_caught(
      Sabotage sabotage) {
    // when
    var caught = LongStream.range(0, SEEDS_UNTIL_CAUGHT).mapToObj(seed -> Simulation.run(seed, sabotage, false))
        .filter(outcome -> outcome.violation().stream().anyMatch(what -> what.contains(sabotage.invariant())))
        .findFirst();
    // then
    assertThat(caught).as("%s breaks %s", sabotage, sabotage.invariant()).isPresent();
    assertThat(Simulation.run(caught.orElseThrow().seed(), Sabotage.NONE, false).violation()).isEmpty();
  }

  @Tag("sim")
  @Test void many_seeds_or_one_in_words() {
    Long seed = Long.getLong("sim.seed");
    if (seed != null) {
      var outcome = Simulation.run(seed, Sabotage.NONE, true);
      System.out.println(outcome.report());
      assertThat(outcome.violation()).isEmpty();
    } else {
      int seeds = Integer.getInteger("sim.seeds", 20_000);
      System.out.println("simulation: " + seeds + " seeds\n" + run(Long.getLong("sim.first", 1_000_000L), seeds));
    }
  }

  /// Two threads, each run on one of them.
  private static Coverage run(long first, int seeds) {
    var coverage = new Coverage();
    var failed = LongStream.range(first, first + seeds).parallel().mapToObj(seed -> {
      var outcome = Simulation.run(seed, Sabotage.NONE, false);
      synchronized (coverage) {
        coverage.add(outcome.coverage());
      }
      return outcome;
    }).filter(outcome -> outcome.violation().isPresent()).toList();
    if (!failed.isEmpty()) {
      fail(failed.size() + " of " + seeds + " seeds failed; the first:\n" + failed.getFirst().report());
    }
    return coverage;
  }
}
