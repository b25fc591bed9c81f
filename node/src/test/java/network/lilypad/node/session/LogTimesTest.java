package network.lilypad.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import network.lilypad.node.read.LogClock.Mark;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;

class LogTimesTest {
  private static final DealId DEAL = new DealId(Keccak256.hash("deal"));

  private final LogTimes times = new LogTimes();

  private static LogPiece piece(boolean stderr, long offset) {
    return LogPiece.newBuilder().setStderr(stderr).setOffset(offset).setData(ByteString.copyFromUtf8("0123456789"))
        .build();
  }

  @Test void a_run_s_first_seconds_cost_nothing_and_then_one_mark_in_five_seconds() {
    // given
    times.started(DEAL, 100);
    // when, then
    assertThat(times.heard(DEAL, piece(false, 0), 101)).isEmpty();
    assertThat(times.heard(DEAL, piece(false, 10), 105)).contains(new Mark(10, 105));
    assertThat(times.heard(DEAL, piece(false, 20), 109)).isEmpty();
    assertThat(times.heard(DEAL, piece(true, 0), 109)).contains(new Mark(0, 109));
    assertThat(times.heard(DEAL, piece(false, 30), 110)).contains(new Mark(30, 110));
  }

  @Test void a_run_whose_beginning_was_not_heard_is_marked_at_once() {
    // when, then
    assertThat(times.heard(DEAL, piece(false, 500), 100)).contains(new Mark(500, 100));
  }

  @Test void what_is_said_again_is_not_new() {
    // given
    times.heard(DEAL, piece(false, 500), 100);
    // when, then
    assertThat(times.heard(DEAL, piece(false, 0), 200)).isEmpty();
    assertThat(times.heard(DEAL, piece(false, 505), 200)).contains(new Mark(505, 200));
  }
}
