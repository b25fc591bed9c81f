package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import network.lilypad.executor.Executor;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which engines an agent offers.
final class EnginesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  private Path directory;
  private final List<Executor> appeared = new CopyOnWriteArrayList<>();

  @Test void containers_are_offered_where_an_engine_answers_and_webassembly_always() {
    // given
    try (var engines = open(AgentConfig.Docker.USUAL)) {
      // when, then: an engine under load answers late
      await().atMost(PATIENCE).until(() -> engines.works(Engine.DOCKER));
      assertThat(engines.working()).containsExactlyInAnyOrder(Engine.WASM, Engine.DOCKER);
      assertThat(engines.descriptions()).anyMatch(text -> text.startsWith("docker "))
          .anyMatch(text -> text.startsWith("WASI"));
      assertThat(engines.memoryMib()).isEqualTo(engines.memoryMib(Engine.DOCKER))
          .isGreaterThan(engines.memoryMib(Engine.WASM));
      assertThat(engines.survivors()).isEmpty();
    }
  }

  @Test void an_engine_that_is_switched_off_or_not_there_is_not_offered() {
    for (var docker : Set.of(new AgentConfig.Docker(false, "", ""), later())) {
      try (var engines = open(docker)) {
        assertThat(engines.working()).containsExactly(Engine.WASM);
        assertThat(engines.memoryMib(Engine.DOCKER)).isZero();
        assertThat(engines.descriptions()).singleElement().asString().startsWith("WASI");
        assertThat(appeared).extracting(Executor::engine).containsExactly(Engine.WASM);
      }
      appeared.clear();
    }
  }

  @Test void an_engine_elsewhere_in_the_environment_switches_containers_off_and_stops_nothing() {
    var elsewhere = Map.of("DOCKER_HOST", "tcp://192.0.2.1:2375");
    try (var engines = open(AgentConfig.Docker.USUAL, elsewhere)) {
      assertThat(engines.executors()).containsOnlyKeys(Engine.WASM);
      assertThat(AgentConfig.Docker.USUAL.obstacle(elsewhere)).contains("tcp://192.0.2.1:2375")
          .contains("unix:///path");
    }
    // what is configured wins
    var configured = new AgentConfig.Docker(true, "unix://" + TestEngine.socketOf().getPath(), "");
    try (var engines = open(configured, elsewhere)) {
      assertThat(engines.working()).contains(Engine.DOCKER);
    }
    for (var usual : List.of("", " ", "unix:///var/run/docker.sock")) {
      assertThat(AgentConfig.Docker.USUAL.obstacle(Map.of("DOCKER_HOST", usual))).isEmpty();
    }
  }

  @Test void an_engine_that_is_started_later_is_offered_then() throws IOException {
    // given
    try (var engines = open(later())) {
      assertThat(engines.executors()).containsOnlyKeys(Engine.WASM, Engine.DOCKER);
      long before = engines.memoryMib();
      // when
      Files.createSymbolicLink(directory.resolve("later.sock"), Path.of(TestEngine.socketOf().getPath()));
      // then
      await().atMost(PATIENCE).until(() -> engines.works(Engine.DOCKER));
      assertThat(engines.working()).containsExactlyInAnyOrder(Engine.WASM, Engine.DOCKER);
      assertThat(engines.memoryMib()).isEqualTo(engines.mostMemoryMib()).isGreaterThan(before);
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(appeared).extracting(Executor::engine).containsExactly(Engine.WASM, Engine.DOCKER));
    }
  }

  private AgentConfig.Docker later() {
    return new AgentConfig.Docker(true, "unix://" + directory.resolve("later.sock"), "");
  }

  private Engines open(AgentConfig.Docker docker, Map<String, String> environment) {
    return Engines.open(Offers.config(directory).with(docker), Keccak256.hash(directory.toString()),
        new LedgerClock(InstantSource.system()), appeared::add, environment);
  }

  private Engines open(AgentConfig.Docker docker) {
    return Engines.open(Offers.config(directory).with(docker),
        Keccak256.hash(directory.toString()), new LedgerClock(InstantSource.system()), appeared::add);
  }
}
