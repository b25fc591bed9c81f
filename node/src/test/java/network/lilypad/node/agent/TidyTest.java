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
    var engine = new Forgetful();
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

  /// Has always the same engines, and counts how often it is told to tidy up.
  private static final class Forgetful implements JobEngine {
    private final CountDownLatch looks = new CountDownLatch(3);

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
    }
  }
}
