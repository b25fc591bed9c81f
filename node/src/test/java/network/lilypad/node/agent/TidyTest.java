package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an engine could not remove once is removed later.
final class TidyTest {
  /// Far longer than some pauses of the agent, and a machine that stands still meanwhile.
  private static final long PATIENCE_SECONDS = 120;

  @TempDir
  private Path folder;

  @Test void what_is_left_of_unwanted_deals_is_looked_for_at_each_start_of_a_session() throws Exception {
    var engine = new Forgetful(() -> {});
    var clock = new LedgerClock(InstantSource.fixed(Instant.ofEpochSecond(Offers.NOW)));
    var gateway = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).build().start();
    try {
      var usual = Offers.config(folder);
      var config = AgentConfig.of(new GatewayAddress("127.0.0.1", gateway.getPort(), false), folder, usual.offered(),
          usual.asks());
      try (var _ = ProviderAgent.start(config, Offers.PROVIDER, engine, clock, _ -> {})) {
        assertThat(engine.looks.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      gateway.shutdownNow();
    }
  }

  @Test void an_engine_that_does_not_come_to_an_end_with_it_keeps_nobody_from_the_market() throws Exception {
    // given
    var stuck = new CountDownLatch(1);
    var engine = new Forgetful(() -> {
      try {
        stuck.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
    var usual = Offers.config(folder);
    var clock = new LedgerClock(InstantSource.fixed(Instant.ofEpochSecond(Offers.NOW)));
    try (var gateway = new SpokenGateway(() -> Offers.NOW)) {
      var config = AgentConfig.of(gateway.address(), folder, usual.offered(), usual.asks());
      try (var _ = ProviderAgent.start(config, Offers.PROVIDER, engine, clock, _ -> {})) {
        // when, then: one session after the other, and one look at a time
        for (int i = 0; i < 3; i++) {
          var session = gateway.session();
          session.hear(AgentMessage.MessageCase.HELLO);
          session.cut();
        }
        assertThat(engine.looks.getCount()).isEqualTo(2);
      } finally {
        stuck.countDown();
      }
    }
  }

  /// Has always the same engines, and counts how often it is told to tidy up.
  private static final class Forgetful implements JobEngine {
    private final CountDownLatch looks = new CountDownLatch(3);
    private final Runnable removing;

    Forgetful(Runnable removing) {
      this.removing = removing;
    }

    @Override public List<Engine> engines() {
      return List.of(Engine.WASM);
    }

    @Override public long memoryMib() {
      return 1024;
    }

    @Override public Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) {
      return Optional.empty();
    }

    @Override public void kill(DealId deal) {}

    @Override public void discardAllBut(Supplier<Set<DealId>> wanted) {
      assertThat(wanted.get()).isEmpty();
      looks.countDown();
      removing.run();
    }
  }
}
