package network.lilypad.chain.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import network.lilypad.chain.evm.Evm;
import network.lilypad.chain.evm.OnAnvil;

/// Random sequences of calls against the contract and its model. A failure prints its seed and story; run one seed with
/// `-Dfuzz.seed=N`, more with `-Psim -Dfuzz.sequences=N`.
@ExtendWith(OnAnvil.class)
final class DifferentialFuzzTest {
  private static final List<String> TOKENS = List.of("PlainToken", "FeeToken", "RefusingToken", "HookToken");
  /// Enough for a job to be opened again after each kind of end.
  private static final int STEPS = 24;
  private static final int SEQUENCES = 200;
  private static final int SEQUENCES_LONG = 1_000;

  @Test void the_contract_and_the_ledger_agree_on_random_calls(Evm evm) throws SQLException {
    var coverage = run(evm, Long.getLong("fuzz.seed", 1), Integer.getInteger("fuzz.sequences", SEQUENCES));
    if (Long.getLong("fuzz.seed") == null) {
      System.out.println("differential fuzz: " + coverage);
      coverage.assertComplete();
    }
  }

  @Tag("sim")
  @Test void the_contract_and_the_ledger_agree_on_ten_thousand_calls_and_more(Evm evm) throws SQLException {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    System.out.println("differential fuzz from seed " + seed);
    var coverage = run(evm, seed, Integer.getInteger("fuzz.sequences", SEQUENCES_LONG));
    System.out.println("differential fuzz: " + coverage);
    coverage.assertComplete();
    assertThat(coverage.calls()).isGreaterThanOrEqualTo(10_000);
  }

  private static Coverage run(Evm evm, long first, int sequences) throws SQLException {
    var coverage = new Coverage();
    for (int token = 0; token < TOKENS.size(); token++) {
      var stage = TwinWorld.Stage.on(evm, TOKENS.get(token));
      for (int i = token; i < sequences; i += TOKENS.size()) {
        var mark = evm.snapshot();
        new TwinWorld(evm, stage, first + i, coverage).play(STEPS);
        evm.revert(mark);
      }
    }
    return coverage;
  }
}
