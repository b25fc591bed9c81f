package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import network.lilypad.protocol.proto.v1.AgentMessage.MessageCase;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import org.junit.jupiter.api.Test;

final class GatewaySessionTest {
  @Test void whoever_sends_while_the_session_is_cancelled_and_afterwards_notices_nothing() throws Exception {
    // given
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    var over = new AtomicBoolean();
    try (var gateway = new SpokenGateway(() -> Offers.NOW)) {
      var channel = gateway.address().open();
      var session = new GatewaySession(AgentsGrpc.newBlockingV2Stub(channel).withWaitForReady().session());
      var senders = IntStream.range(0, 4).mapToObj(_ -> Thread.ofVirtual().start(() -> {
        try {
          while (!over.get()) {
            session.send(Messages.BEAT);
          }
          session.send(Messages.BEAT);
        } catch (RuntimeException e) {
          thrown.add(e);
        }
      })).toList();
      gateway.session().hear(MessageCase.BEAT);
      // when
      session.close();
      over.set(true);
      // then
      for (var sender : senders) {
        sender.join();
      }
      assertThat(thrown).isEmpty();
      channel.shutdownNow();
    }
  }
}
