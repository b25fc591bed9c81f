package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Engines that know of a kill at once, late or never.
final class MemoryKillTest {
  private static final int KILLED = 137;

  private final AtomicInteger looks = new AtomicInteger();

  private MemoryKill kill(int knownAt, BooleanSupplier asked, boolean exhausted) {
    return new MemoryKill(() -> looks.incrementAndGet() >= knownAt, asked, () -> exhausted, Duration.ZERO);
  }

  @Test void an_engine_that_learns_of_it_half_a_minute_late_is_waited_for() {
    assertThat(kill(MemoryKill.LOOKS_MAX, () -> false, false).happened(KILLED)).isTrue();
    assertThat(MemoryKill.PAUSE.multipliedBy(MemoryKill.LOOKS_MAX)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test void an_engine_that_never_learns_of_it_is_believed_unless_the_program_had_all_its_memory() {
    assertThat(kill(Integer.MAX_VALUE, () -> false, false).happened(KILLED)).isFalse();
    assertThat(looks).hasValue(MemoryKill.LOOKS_MAX);
    looks.set(0);
    assertThat(kill(Integer.MAX_VALUE, () -> false, true).happened(KILLED)).isTrue();
    assertThat(looks).hasValue(MemoryKill.LOOKS_FOR_A_SIGN);
  }

  @Test void nobody_waits_where_somebody_asked_for_the_end_or_the_program_ended_by_itself() {
    assertThat(kill(Integer.MAX_VALUE, () -> looks.get() >= 3, true).happened(KILLED)).isFalse();
    assertThat(looks).hasValue(3);
    looks.set(0);
    assertThat(kill(Integer.MAX_VALUE, () -> false, true).happened(1)).isFalse();
    assertThat(looks).hasValue(1);
  }

  @Test void what_the_engine_knows_counts_whatever_the_code() {
    assertThat(kill(1, () -> false, false).happened(1)).isTrue();
  }
}
