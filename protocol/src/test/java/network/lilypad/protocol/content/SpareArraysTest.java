package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArraysTest {
  private static final int CHUNK = 1 << 20;
  private static final int SLACK = 100;
  private static final int MOST = 2;

  private final SpareArrays spares = new SpareArrays(SLACK, MOST);

  @Test void an_array_that_was_given_back_is_taken_for_any_chunk_within_the_slack() {
    // given
    byte[] array = spares.take(CHUNK);
    assertThat(array).hasSize(CHUNK + SLACK);
    // when, then
    for (int bytes : new int[]{CHUNK, CHUNK + 1, CHUNK + SLACK}) {
      spares.give(array);
      assertThat(spares.take(bytes)).isSameAs(array);
      assertThat(spares.take(bytes)).isNotSameAs(array);
    }
  }

  @Test void other_lengths_get_an_array_of_their_own() {
    for (int bytes : new int[]{0, 1, CHUNK - 1, CHUNK + SLACK + 1}) {
      // given
      byte[] array = spares.take(bytes);
      assertThat(array).hasSize(bytes);
      // when
      spares.give(array);
      // then
      assertThat(spares.take(bytes)).hasSize(bytes);
      assertThat(spares.take(CHUNK)).isNotSameAs(array);
    }
  }

  @Test void it_keeps_no_more_than_it_may() {
    // given
    byte[] first = spares.take(CHUNK);
    byte[] second = spares.take(CHUNK);
    byte[] third = spares.take(CHUNK);
    // when
    spares.give(first);
    spares.give(second);
    spares.give(third);
    // then
    assertThat(spares.take(CHUNK)).isSameAs(second);
    assertThat(spares.take(CHUNK)).isSameAs(first);
    assertThat(spares.take(CHUNK)).isNotSameAs(first).isNotSameAs(second).isNotSameAs(third);
  }
}
