package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReadAheadTest {
  private static final int PATIENCE_SECONDS = 30;

  @Test void blocks_come_in_their_order_and_then_nothing_more() throws IOException {
    var taken = new ArrayList<Integer>();
    try (var ahead = ReadAhead.of(blocks(100))) {
      while (ahead.next((_, block) -> taken.add((int) block[0]))) {
        // until the last
      }
      assertThat(ahead.next(BlockSink.NONE)).isFalse();
    }
    assertThat(taken).hasSize(100).isSorted().doesNotHaveDuplicates();
  }

  @Test void the_reader_is_at_most_a_few_blocks_ahead() throws Exception {
    var begun = new LinkedBlockingQueue<Integer>();
    ReadAhead.Reader reader = sink -> {
      for (int i = 0; i < 100; i++) {
        begun.add(i);
        sink.put(cid(i), new byte[]{(byte) i});
      }
    };
    try (var ahead = ReadAhead.of(reader)) {
      // the one at work and those that wait have begun, and the next only when one is taken
      for (int i = 0; i <= ReadAhead.BLOCKS_AHEAD; i++) {
        assertThat(begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(i);
      }
      assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();
      ahead.next(BlockSink.NONE);
      assertThat(begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ReadAhead.BLOCKS_AHEAD + 1);
    }
  }

  @Test void what_the_reader_throws_comes_after_the_blocks_before_it() throws IOException {
    ReadAhead.Reader broken = sink -> {
      sink.put(cid(1), new byte[]{1});
      throw new IOException("the disk is gone");
    };
    try (var ahead = ReadAhead.of(broken)) {
      assertThat(ahead.next(BlockSink.NONE)).isTrue();
      assertThatThrownBy(() -> ahead.next(BlockSink.NONE)).isInstanceOf(IOException.class)
          .hasMessage("the disk is gone");
      assertThat(ahead.next(BlockSink.NONE)).isFalse();
    }
  }

  @Test void unchecked_failures_keep_their_type() {
    var why = new ContentException(new IOException("torn"));
    assertThatThrownBy(() -> ReadAhead.between(_ -> {
      throw why;
    }, BlockSink.NONE)).isSameAs(why);
  }

  @Test void a_sink_that_fails_ends_the_reader() throws Exception {
    var ended = new CountDownLatch(1);
    ReadAhead.Reader endless = sink -> {
      try {
        blocks(Integer.MAX_VALUE).into(sink);
      } finally {
        ended.countDown();
      }
    };
    assertThatThrownBy(() -> ReadAhead.between(endless, (_, _) -> {
      throw new IOException("the line broke");
    })).hasMessage("the line broke");
    assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static ReadAhead.Reader blocks(int count) {
    return sink -> {
      for (int i = 0; i < count; i++) {
        sink.put(cid(i), new byte[]{(byte) i});
      }
    };
  }

  private static Cid cid(int number) {
    return Cid.ofBlock(Cid.Codec.RAW, new byte[]{(byte) number});
  }
}
