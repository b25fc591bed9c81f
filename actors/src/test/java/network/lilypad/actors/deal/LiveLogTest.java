package network.lilypad.actors.deal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import network.lilypad.actors.deal.Deal.Log;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import org.junit.jupiter.api.Test;

class LiveLogTest {
  private static final DealId DEAL = new DealId(new Bytes32(1, 2, 3, 4));

  private final LiveLog log = new LiveLog();

  private static Log piece(long offset, int length) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (offset + i);
    }
    return new Log(DEAL, false, offset, ByteString.copyFrom(bytes));
  }

  private static ByteString text(List<Log> pieces) {
    return pieces.stream().map(Log::bytes).reduce(ByteString.EMPTY, ByteString::concat);
  }

  @Test void output_that_comes_byte_by_byte_is_kept_whole_in_few_pieces() {
    // when
    for (int i = 0; i < 2 * LiveLog.MAX_BYTES; i++) {
      assertThat(log.add(piece(i, 1))).singleElement().isEqualTo(piece(i, 1));
    }
    // then
    var kept = log.from(0);
    assertThat(kept).hasSize(LiveLog.MAX_BYTES / LiveLog.JOINED_BYTES);
    assertThat(text(kept)).isEqualTo(piece(LiveLog.MAX_BYTES, LiveLog.MAX_BYTES).bytes());
    assertThat(text(log.from(2L * LiveLog.MAX_BYTES - 3))).isEqualTo(piece(2L * LiveLog.MAX_BYTES - 3, 3).bytes());
  }

  @Test void pieces_that_gaps_keep_apart_are_bounded_in_number_and_the_oldest_go() {
    // when
    for (int i = 0; i <= LiveLog.MAX_PIECES; i++) {
      log.add(piece(2L * i, 1));
    }
    // then
    assertThat(log.from(0)).hasSize(LiveLog.MAX_PIECES).first().isEqualTo(piece(2, 1));
  }

  @Test void neighbours_as_small_as_they_may_be_fill_the_bytes_before_the_pieces() {
    // when
    long end = 0;
    for (int i = 0; end < 2L * LiveLog.MAX_BYTES; i++) {
      int length = i % 2 == 0 ? 1 : LiveLog.JOINED_BYTES;
      log.add(piece(end, length));
      end += length;
    }
    // then
    assertThat(log.from(0).size()).isLessThanOrEqualTo(LiveLog.MAX_PIECES);
    assertThat(text(log.from(0)).size()).isBetween(LiveLog.MAX_BYTES - LiveLog.JOINED_BYTES, LiveLog.MAX_BYTES);
  }

  @Test void a_repeat_adds_nothing_and_what_overlaps_is_cut_off() {
    // given
    log.add(piece(0, 10));
    // when, then
    assertThat(log.add(piece(2, 8))).isEmpty();
    assertThat(log.add(piece(6, 8))).containsExactly(piece(10, 4));
    assertThat(text(log.from(0))).isEqualTo(piece(0, 14).bytes());
    assertThat(log.from(14)).isEmpty();
  }

  @Test void one_piece_above_all_bounds_is_kept_alone() {
    // when
    log.add(piece(0, 1));
    log.add(piece(1, LiveLog.MAX_BYTES + 1));
    // then
    assertThat(log.from(0)).containsExactly(piece(1, LiveLog.MAX_BYTES + 1));
  }
}
