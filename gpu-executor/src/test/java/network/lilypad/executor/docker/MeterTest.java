package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {
  @Test void processor_time_is_nanoseconds_in_both_versions_of_control_groups() {
    assertThat(Meter.parse("1234567\n")).isEqualTo(1_234_567);
    assertThat(Meter.parse("usage_usec 1234\nuser_usec 1000\n")).isEqualTo(1_234_000);
  }

  @Test void refused_processes_are_a_number_after_a_word() {
    assertThat(Meter.parse("max 12\n")).isEqualTo(12);
  }

  @Test void memory_is_exhausted_when_less_than_a_batch_of_it_was_left() {
    assertThat(Meter.exhausted(64L << 20, 64)).isTrue();
    assertThat(Meter.exhausted((64L << 20) - 131_072, 64)).isTrue();
    assertThat(Meter.exhausted(63L << 20, 64)).isFalse();
    assertThat(Meter.exhausted(0, 1)).as("nothing is known").isFalse();
  }
}
