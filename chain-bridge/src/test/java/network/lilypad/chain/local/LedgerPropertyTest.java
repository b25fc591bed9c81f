package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// Random calls of random parties, honest and not, with jumps of time: the invariants of money hold after each.
final class LedgerPropertyTest {
  @Property(tries = 150) void money_is_never_made_lost_or_taken_without_a_signature(
      @ForAll("moves") List<LedgerWorld.Move> moves) throws SQLException {
    var world = new LedgerWorld();
    for (var move : moves) {
      world.play(move);
      world.check();
    }
    world.audit();
    assertThat(world.replayed()).isEqualTo(world.receipts());
    world.phases().forEach(phase -> Statistics.label("ends").collect(phase));
  }

  @Provide Arbitrary<List<LedgerWorld.Move>> moves() {
    return Combinators
        .combine(Arbitraries.integers().between(0, LedgerWorld.VERBS - 1), Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(1, 3), Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 120))
        .as(LedgerWorld.Move::new).list().ofMinSize(10).ofMaxSize(60);
  }
}
