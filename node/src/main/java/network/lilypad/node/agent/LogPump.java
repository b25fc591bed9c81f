package network.lilypad.node.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the output of runs to the gateway at the gateway's pace: at once while it keeps up, and while a message is
/// on its way what comes next to each other becomes one message. What does not fit is dropped, and the next piece's
/// offset shows the gap: the complete output is in the result. Thread-safe.
final class LogPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);
  /// Some seconds of a chatty job.
  static final int BYTES_MAX = 4 << 20;
  /// What a message costs beside its bytes.
  static final int MESSAGE_BYTES = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<AgentMessage> waiting = new ArrayDeque<>();
  private int bytes;
  private final Thread pump;

  /// @param line takes a message as soon as there is room for it
  LogPump(Consumer<AgentMessage> line) {
    this.pump = Thread.ofVirtual().name("agent-logs").start(() -> carry(line));
  }

  private void carry(Consumer<AgentMessage> line) {
    try {
      while (true) {
        carry(take(), line);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A line that breaks under one message takes the next.
  private static void carry(AgentMessage message, Consumer<AgentMessage> line) {
    try {
      line.accept(message);
    } catch (RuntimeException e) {
      LOG.warn("a message to the gateway is lost", e);
    }
  }

  private AgentMessage take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        filled.await();
      }
      var next = waiting.removeFirst();
      bytes -= cost(next);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// Returns at once.
  void offer(AgentMessage message) {
    lock.lock();
    try {
      var last = Optional.ofNullable(waiting.peekLast());
      var joined = last.flatMap(before -> joined(before, message));
      int more = cost(joined.orElse(message)) - (joined.isPresent() ? last.map(LogPump::cost).orElse(0) : 0);
      if (bytes + more <= BYTES_MAX) {
        bytes += more;
        joined.ifPresent(_ -> waiting.removeLast());
        waiting.addLast(joined.orElse(message));
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private static int cost(AgentMessage message) {
    return message.getSerializedSize() + MESSAGE_BYTES;
  }

  /// Two messages as one, if the second goes on where the first ends.
  private static Optional<AgentMessage> joined(AgentMessage one, AgentMessage other) {
    return one.hasLog() && other.hasLog() ? joined(one.getLog(), other.getLog()) : Optional.empty();
  }

  private static Optional<AgentMessage> joined(Log one, Log other) {
    var piece = one.getPiece();
    var next = other.getPiece();
    boolean goesOn = one.getRun().equals(other.getRun()) && piece.getStderr() == next.getStderr()
        && piece.getOffset() + piece.getData().size() == next.getOffset()
        && piece.getData().size() + next.getData().size() <= Sink.CHUNK_BYTES_MAX;
    return goesOn ? Optional.of(AgentMessage.newBuilder()
        .setLog(one.toBuilder().setPiece(piece.toBuilder().setData(piece.getData().concat(next.getData())))).build())
        : Optional.empty();
  }

  @Override public void close() {
    pump.interrupt();
  }
}
