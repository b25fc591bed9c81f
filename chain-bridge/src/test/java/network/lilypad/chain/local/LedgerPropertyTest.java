package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

import network.lilypad.protocol.value.DealPhase;

/// Random calls of random parties, honest and not, with jumps of time: the invariants of money hold after each.
final class LedgerPropertyTest {
  private static final List<DealPhase> ALL_ENDS = List.of(DealPhase.RESULTS_ACCEPTED,
      DealPhase.TIMEOUT_SUBMIT_RESULTS, DealPhase.TIMEOUT_JUDGE_RESULTS, DealPhase.CANCELLED, DealPhase.LAPSED,
      DealPhase.RELEASED);

  /// The verbs of [LedgerWorld.Move] by how often they come.
  private static final List<Integer> VERBS = List.of(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 7, 7, 8, 8, 8, 8, 8,
      8,
      8, 8, 9, 9, 9, 9, 9, 9, 9, 9);

  @Property(tries = 40) void money_is_never_made_lost_or_taken_without_a_signature(
      @ForAll("moves") List<LedgerWorld.Move> moves) throws SQLException {
    var world = new LedgerWorld();
    for (var move : moves) {
      world.play(move);
      world.check();
    }
    world.audit();
    assertThat(world.replayed()).isEqualTo(world.receipts());
    world.phases().forEach(phase -> Statistics.label("ends").collect(phase));
    // A property whose runs never got there would prove nothing.
    Statistics.label("ends").coverage(seen -> ALL_ENDS.forEach(end -> seen.check(end).count(count -> count > 0)));
  }

  @Provide Arbitrary<List<LedgerWorld.Move>> moves() {
    return Arbitraries.randomValue(LedgerPropertyTest::move).list().ofMinSize(60).ofMaxSize(80);
  }

  /// Evenly spread: the library's own numbers prefer the borders, and few runs would get anywhere.
  private static LedgerWorld.Move move(Random random) {
    var verb = VERBS.get(random.nextInt(VERBS.size()));
    return new LedgerWorld.Move(verb, random.nextInt(LedgerWorld.JOBS), 1 + random.nextInt(LedgerWorld.ATTEMPTS),
        random.nextInt(6), random.nextInt(121), Math.max(0, random.nextInt(4) - 1));
  }
}
