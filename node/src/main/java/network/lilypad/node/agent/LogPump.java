package network.lilypad.node.agent;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import network.lilypad.protocol.proto.v1.AgentMessage;

/// Carries the output of runs to the gateway at the gateway's pace. What does not fit is dropped, and the next piece's
/// offset shows the gap: the complete output is in the result. Thread-safe.
final class LogPump implements AutoCloseable {
  /// 256 pieces of 16 KiB: 4 MiB, some seconds of a chatty job.
  static final int PIECES_MAX = 256;

  private final BlockingQueue<AgentMessage> waiting = new ArrayBlockingQueue<>(PIECES_MAX);
  private final Thread pump;

  LogPump(Uplink uplink) {
    this.pump = Thread.ofVirtual().name("agent-logs").start(() -> carry(uplink));
  }

  private void carry(Uplink uplink) {
    try {
      while (true) {
        uplink.send(waiting.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns at once.
  void offer(AgentMessage piece) {
    boolean _ = waiting.offer(piece);
  }

  @Override public void close() {
    pump.interrupt();
  }
}
