package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import network.lilypad.executor.docker.PrivateEngine;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.agent.ProviderAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A container engine that is started after the agent, and stopped before it.
final class EngineComesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  private Path folder;

  @Test void containers_are_offered_while_an_engine_answers_and_webassembly_all_the_time() throws Exception {
    // given a market without an engine, and a job that needs one
    GuestModules.write(folder);
    var socket = folder.resolve("later.sock");
    try (var market = WholeMarket.start(folder, URI.create("unix://" + socket))) {
      var before = ProviderAgent.offered(folder.resolve("provider")).orElseThrow();
      var job = market.detached("./" + GuestModules.DOCKER, "-i", GuestModules.verbs("out", "moo"));
      assertThat(market.cli("jobs", "explain", job).out()).contains("engine");
      assertThat(market.job(job).getPhase()).isEqualTo("Open");
      try (var engine = new PrivateEngine(Files.createDirectory(folder.resolve("engine")))) {
        assertThat(TestEngine.at(engine.socket()).image()).isEqualTo(TestEngine.shared().image());
        // when
        Files.createSymbolicLink(socket, Path.of(engine.socket().getPath()));
        // then
        await().atMost(PATIENCE).until(() -> !market.job(job).getDeal().getResult().isEmpty());
        assertThat(market.cli("jobs", "logs", job).out()).isEqualTo("moo");
        assertThat(ProviderAgent.offered(folder.resolve("provider")).orElseThrow().ramMib())
            .isGreaterThan(before.ramMib());
      }
      // when the engine is gone, then
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(ProviderAgent.offered(folder.resolve("provider")).orElseThrow().ramMib())
              .isEqualTo(before.ramMib()));
      var ran = market.run("./" + GuestModules.WASM, "out", "-i", GuestModules.verbs("out", "moo"));
      assertThat(ran.out().resolve("stdout")).hasContent("moo");
    }
  }
}
