package network.lilypad.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), new Random(1));

  @Test void waits_double_up_to_the_longest_less_a_fifth_of_jitter() {
    for (int failures = 1; failures <= 100; failures++) {
      long whole = failures > 7 ? 10_000 : 100L << (failures - 1);
      assertThat(backoff.after(failures).toMillis()).isBetween(whole * 4 / 5, whole);
    }
  }

  @Test void impossible_bounds_are_refused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), new Random(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
