package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LedgerClockTest {
  private static final long NOW = 1_800_000_000L;

  private final AtomicLong own = new AtomicLong(NOW * 1000);
  private final LedgerClock clock = new LedgerClock(() -> Instant.ofEpochMilli(own.get()));

  @Test void a_late_answer_does_not_set_a_clock_back_that_is_right() {
    // given
    clock.learn(NOW, Duration.ofMillis(5));
    var before = clock.instant();
    // when answers come that were said 4 and 60 seconds ago
    clock.learn(NOW - 4, Duration.ofSeconds(4));
    clock.learn(NOW - 60, Duration.ofSeconds(61));
    // then
    assertThat(clock.instant()).isEqualTo(before);
  }

  @Test void a_clock_that_is_wrong_is_set_right_by_one_answer_and_not_by_more_than_it_proves() {
    // given
    own.set((NOW - 3600) * 1000);
    // when
    clock.learn(NOW, Duration.ofMillis(5));
    // then
    assertThat(clock.now()).isEqualTo(NOW);
    assertThat(clock.skew()).isEqualTo(3600);
    // when this machine's clock is set right meanwhile
    own.set(NOW * 1000 + 1500);
    clock.learn(NOW + 1, Duration.ofMillis(5));
    // then
    assertThat(clock.now()).isBetween(NOW + 1, NOW + 2);
    assertThat(clock.skew()).isZero();
  }

  @Test void whatever_the_line_does_the_clock_is_never_wrong_by_more_than_its_best_answer_leaves_open() {
    var random = new Random(7);
    long ledgerAhead = 12_345_678;
    clock.learn((own.get() + ledgerAhead) / 1000, Duration.ZERO);
    for (int i = 0; i < 10_000; i++) {
      long said = own.get() + ledgerAhead;
      long way = random.nextInt(20_000);
      own.addAndGet(way);
      clock.learn(said / 1000, Duration.ofMillis(way));
      assertThat(clock.instant().toEpochMilli() - own.get() - ledgerAhead).isBetween(-1000L, 1000L);
    }
  }
}
