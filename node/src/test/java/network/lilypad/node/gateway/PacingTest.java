package network.lilypad.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.Test;

class PacingTest {
  /// A line that takes what it is given and says when it has room.
  private static final class Line extends ServerCallStreamObserver<Integer> {
    private final List<Integer> sent = new ArrayList<>();
    private boolean ready;
    private boolean cancelled;
    private int requested;
    private int ended;

    @Override public boolean isReady() { return ready; }

    @Override public boolean isCancelled() { return cancelled; }

    @Override public void request(int messages) {
      requested += messages;
    }

    @Override public void onNext(Integer message) {
      sent.add(message);
    }

    @Override public void onError(Throwable failure) {
      ended++;
    }

    @Override public void onCompleted() {
      ended++;
    }

    @Override public void disableAutoRequest() {}

    @Override public void disableAutoInboundFlowControl() {}

    @Override public void setOnReadyHandler(Runnable handler) {}

    @Override public void setOnCancelHandler(Runnable handler) {
      handler.run();
    }

    @Override public void setCompression(String compression) {}

    @Override public void setMessageCompression(boolean enabled) {}
  }

  private final Line line = new Line();

  private void write(int messages) {
    PacedStream.write(line, Runnable::run, stream -> {
      for (int i = 0; i < messages; i++) {
        stream.send(i);
      }
    });
  }

  @Test void a_writer_is_four_messages_ahead_of_a_slow_reader_and_no_more() {
    // given
    line.cancelled = true;
    // when
    write(10);
    // then
    assertThat(line.sent).containsExactly(0, 1, 2, 3);
  }

  @Test void a_writer_does_not_wait_for_a_quick_reader() {
    // given
    line.ready = true;
    // when
    write(10);
    // then
    assertThat(line.sent).hasSize(10);
    assertThat(line.ended).isEqualTo(1);
  }

  @Test void four_messages_are_read_before_they_can_be_taken_and_another_for_each_that_was() {
    // given
    var taken = new ArrayList<Integer>();
    var intake = new Intake<Integer, Integer>(line) {
      @Override protected void take(Integer message) {
        if (message == 2) {
          throw Refused.because(new Rejection.NotFound("number", "two"));
        }
        taken.add(message);
      }

      @Override protected Integer finish() {
        return taken.size();
      }

      @Override protected void release() {}
    };
    assertThat(line.requested).isEqualTo(4);
    // when
    intake.onNext(1);
    // then
    assertThat(line.requested).isEqualTo(5);
    // when
    intake.onNext(2);
    intake.onNext(3);
    // then
    assertThat(line.requested).isEqualTo(5);
    assertThat(taken).containsExactly(1);
    assertThat(line.ended).isEqualTo(1);
  }
}
