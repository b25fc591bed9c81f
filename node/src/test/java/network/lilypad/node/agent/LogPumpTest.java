package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.RunReported;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Output on its way from an agent over a line that takes one message at a time, when the test does.
final class LogPumpTest {
  private static final AgentMessage REPORT = AgentMessage.newBuilder().setReport(RunReported.getDefaultInstance())
      .build();

  private final SynchronousQueue<AgentMessage> line = new SynchronousQueue<>();
  private final LogPump pump = new LogPump(this::carry);

  private void carry(AgentMessage message) {
    try {
      line.put(message);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach void close() {
    pump.close();
  }

  private static AgentMessage piece(int run, boolean stderr, long offset, int length) {
    return AgentMessage.newBuilder().setLog(Log.newBuilder().setRun(DealRef.newBuilder().setEpoch(run))
        .setPiece(LogPiece.newBuilder().setStderr(stderr).setOffset(offset)
            .setData(ByteString.copyFrom(new byte[length]))))
        .build();
  }

  /// Fills the line, so that what is offered next waits.
  private void busy() {
    pump.offer(REPORT);
    pump.offer(REPORT);
  }

  private AgentMessage heard() throws InterruptedException {
    var message = line.poll(60, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing heard");
    }
    return message;
  }

  /// What comes until a message that was offered last.
  private List<AgentMessage> heardUntil(AgentMessage last) throws InterruptedException {
    var all = new ArrayList<AgentMessage>();
    for (var next = heard(); !next.equals(last); next = heard()) {
      if (!next.equals(REPORT)) {
        all.add(next);
      }
    }
    return all;
  }

  @Test void what_waits_for_the_line_becomes_one_message_and_on_a_free_line_nothing_waits() throws Exception {
    // when
    pump.offer(piece(1, false, 0, 1));
    // then
    assertThat(heard()).isEqualTo(piece(1, false, 0, 1));
    // when
    busy();
    for (int i = 1; i <= 100; i++) {
      pump.offer(piece(1, false, i, 1));
    }
    pump.offer(piece(9, false, 0, 1));
    // then
    assertThat(heardUntil(piece(9, false, 0, 1))).containsExactly(piece(1, false, 1, 100));
  }

  @Test void only_what_goes_on_where_the_last_message_ends_is_joined_and_the_order_stays() throws Exception {
    // given
    var pieces = List.of(piece(1, false, 0, 2), piece(1, true, 2, 2), piece(2, true, 4, 2), piece(2, true, 7, 2),
        piece(2, true, 9, Sink.CHUNK_BYTES_MAX - 1), piece(2, true, 8 + Sink.CHUNK_BYTES_MAX, 2));
    // when
    busy();
    pieces.forEach(pump::offer);
    pump.offer(piece(9, false, 0, 1));
    // then
    assertThat(heardUntil(piece(9, false, 0, 1))).isEqualTo(pieces);
  }

  @Test void what_finds_no_room_is_dropped_and_what_comes_later_says_where_it_is() throws Exception {
    // when
    busy();
    for (int i = 0; i < 2 * LogPump.BYTES_MAX / 1024; i++) {
      pump.offer(piece(1, i % 2 == 0, 1024L * i, 1024));
    }
    // then
    assertThat(List.of(heard(), heard())).containsOnly(REPORT);
    assertThat(heard()).isEqualTo(piece(1, true, 0, 1024));
    pump.offer(piece(1, false, 1L << 40, 1));
    var waited = heardUntil(piece(1, false, 1L << 40, 1));
    assertThat(waited.stream().mapToInt(message -> message.getSerializedSize() + LogPump.MESSAGE_BYTES).sum())
        .isBetween(LogPump.BYTES_MAX - 4096, LogPump.BYTES_MAX);
  }

  @Test void a_line_that_breaks_under_one_message_takes_the_next() throws Exception {
    // given
    var heard = new java.util.concurrent.LinkedBlockingQueue<AgentMessage>();
    try (var other = new LogPump(message -> {
      if (message.equals(REPORT)) {
        throw new IllegalStateException("call was cancelled");
      }
      heard.add(message);
    })) {
      // when
      other.offer(REPORT);
      other.offer(piece(1, false, 0, 1));
      // then
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(piece(1, false, 0, 1));
    }
  }
}
