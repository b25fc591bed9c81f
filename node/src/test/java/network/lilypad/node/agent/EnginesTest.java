package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which engines an agent offers.
final class EnginesTest {
  @TempDir
  private Path directory;

  @Test void containers_are_offered_where_an_engine_answers_and_webassembly_always() {
    // given
    try (var engines = open(AgentConfig.Docker.USUAL)) {
      // when, then
      assertThat(engines.executors()).containsOnlyKeys(Engine.WASM, Engine.DOCKER);
      assertThat(engines.descriptions()).anyMatch(text -> text.startsWith("docker "))
          .anyMatch(text -> text.startsWith("WASI"));
      assertThat(engines.memoryMib()).isEqualTo(engines.memoryMib(Engine.DOCKER))
          .isGreaterThan(engines.memoryMib(Engine.WASM));
      assertThat(engines.survivors()).isEmpty();
    }
  }

  @Test void an_engine_that_is_switched_off_or_not_there_is_not_offered() {
    for (var docker : Set.of(new AgentConfig.Docker(false, "", ""),
        new AgentConfig.Docker(true, "unix://" + directory.resolve("none.sock"), ""))) {
      try (var engines = open(docker)) {
        assertThat(engines.executors()).containsOnlyKeys(Engine.WASM);
        assertThat(engines.memoryMib(Engine.DOCKER)).isZero();
      }
    }
  }

  private Engines open(AgentConfig.Docker docker) {
    return Engines.open(Offers.config(directory).with(docker),
        Keccak256.hash(directory.toString()), new LedgerClock(InstantSource.system()));
  }
}
