package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;

class DealRunTest {
  @Test void cost_is_metered_by_the_second_rounded_up_and_never_above_the_price() {
    assertThat(DealRun.metered(Lp.gwei(600), 0, 60)).isEqualTo(Lp.gwei(10));
    assertThat(DealRun.metered(Lp.gwei(601), 1, 60)).isEqualTo(Lp.gwei(11));
    assertThat(DealRun.metered(Lp.gwei(600), 59, 60)).isEqualTo(Lp.gwei(590));
    assertThat(DealRun.metered(Lp.gwei(600), 90, 60)).isEqualTo(Lp.gwei(600));
    assertThat(DealRun.metered(Lp.gwei(Lp.MAX_GWEI), 60, 60)).isEqualTo(Lp.gwei(Lp.MAX_GWEI));
  }

  @Test void waiting_times_double_up_to_a_bound_and_begin_anew_after_success() {
    var backoff = new Backoff(new java.util.Random(1));
    assertThat(backoff.next()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.LONGEST);
    }
    assertThat(backoff.next()).isGreaterThanOrEqualTo(Backoff.LONGEST.dividedBy(2));
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.FIRST);
  }
}
