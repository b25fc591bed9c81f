package network.lilypad.node.agent;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import org.jspecify.annotations.Nullable;

/// One gRPC stream to a gateway. One thread receives, any thread sends. A stream that is silent, or takes nothing, for
/// five seconds is lost.
final class GatewaySession implements AutoCloseable {
  /// agent.proto: a stream silent for that long is lost.
  static final long SILENCE_SECONDS = 5;

  private final BlockingClientCall<AgentMessage, GatewayMessage> call;
  private final ReentrantLock writing = new ReentrantLock();
  /// When the beats were said that have not been answered; a handful, as a session without answers is lost.
  private final Queue<Long> beats = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  GatewaySession(BlockingClientCall<AgentMessage, GatewayMessage> call) {
    this.call = call;
  }

  /// The stream broke; the next session goes on.
  static final class LostException extends Exception {
    private static final long serialVersionUID = 1L;

    LostException(String message) {
      super(message);
    }
  }

  /// The next message.
  ///
  /// @throws LostException if the stream ended, broke or was silent for too long
  GatewayMessage receive() throws LostException, InterruptedException {
    try {
      var message = call.read(SILENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new LostException("the gateway ended the stream");
      }
      return message;
    } catch (TimeoutException _) {
      throw new LostException("the gateway was silent for " + SILENCE_SECONDS + " s");
    } catch (StatusException e) {
      var cause = e.getStatus().getCause();
      throw new LostException(cause == null ? e.getStatus().toString() : String.valueOf(cause.getMessage()));
    }
  }

  /// Sends a message, waiting for room. A stream that takes none is broken off, which its receiver notices; what is
  /// sent to one that is over is lost.
  void send(AgentMessage message) {
    writing.lock();
    try {
      if (!over) {
        call.write(message, SILENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (TimeoutException | StatusException e) {
      end("the gateway takes nothing", e);
    } catch (IllegalStateException e) {
      requireOver(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      writing.unlock();
    }
  }

  /// Says that the agent lives.
  void beat() {
    beats.add(System.nanoTime());
    send(Messages.BEAT);
  }

  /// A beat was answered: the oldest that was not, as answers come in order.
  ///
  /// @return how long that took; empty if none was open
  Optional<Duration> beatAnswered() {
    return Optional.ofNullable(beats.poll()).map(said -> Duration.ofNanos(System.nanoTime() - said));
  }

  /// So gRPC answers whoever writes to a call that is cancelled meanwhile.
  private void requireOver(IllegalStateException e) {
    if (!over) {
      throw e;
    }
  }

  private void end(String why, @Nullable Exception cause) {
    over = true;
    call.cancel(why, cause);
  }

  @Override public void close() {
    end("the agent leaves", null);
  }
}
