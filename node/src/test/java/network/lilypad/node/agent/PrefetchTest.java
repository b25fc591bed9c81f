package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.docker.DistributionRegistry;
import network.lilypad.executor.docker.ShellImage;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.image.ResolvedImages;
import network.lilypad.protocol.value.Engine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that are here before a job asks for them.
final class PrefetchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir
  private Path folder;

  @Test void an_agent_fetches_what_its_owner_wants_from_a_registry_into_the_engine() throws Exception {
    var credentials = Files.createDirectory(folder.resolve("credentials"));
    var system = ActorSystem.create(Behaviors.empty(), "prefetch",
        ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.defaultReference()));
    try (var registry = DistributionRegistry.closed(Files.createDirectory(folder.resolve("kept")))) {
      // given an image that only who has the password gets
      var image = ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}", Map.of());
      var digest = registry.push(TestEngine.shared(), image, "ahead:v1");
      var name = registry.host() + "/ahead:v1";
      login(registry, credentials);
      // when
      try (var _ = GpuEngine.open(system, wanting(name, credentials), Offers.PROVIDER.address(),
          new LedgerClock(InstantSource.system()))) {
        // then the engine knows it, who has no password finds it there
        var stranger = ResolvedImages.of(Map.of("DOCKER_HOST", TestEngine.socketOf().toString(), "DOCKER_CONFIG",
            folder.toString()));
        await().atMost(PATIENCE).ignoreExceptions()
            .until(() -> stranger.digest(ImageReference.parse(name)).equals(digest));
        TestEngine.shared().remove(name);
      }
    } finally {
      system.terminate();
    }
  }

  private AgentConfig wanting(String image, Path credentials) {
    var usual = Offers.config(Path.of(folder.toString(), "agent"));
    var policy = usual.policy();
    var upkeep = new ProviderPolicy.Upkeep(Duration.ZERO, List.of(), List.of(image));
    return new AgentConfig(usual.gateway(), usual.directory(), usual.offered(), usual.asks(),
        new ProviderPolicy(policy.modules(), policy.minPrice(), policy.maxRunSeconds(), policy.network(),
            policy.hosts(),
            policy.gpus(), policy.deals(), upkeep),
        new AgentConfig.Docker(true, TestEngine.socketOf().toString(), credentials.toString()));
  }

  private static void login(DistributionRegistry registry, Path credentials) throws Exception {
    var login = DistributionRegistry.USER + ":" + DistributionRegistry.PASSWORD;
    Files.writeString(credentials.resolve("config.json"), "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(
        registry.host(), Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))));
  }

  @Test void a_failure_is_tried_again_and_a_success_looked_at_again() {
    var engine = new Scripted(List.of("fails", "fails", "works", "works"));
    try (var prefetch = new Prefetch(List.of("a"), new Prefetch.Pace(Duration.ofMillis(1), 8, Duration.ofMillis(2)))) {
      prefetch.appeared(engine);
      await().atMost(PATIENCE).until(() -> engine.script.isEmpty());
      assertThat(engine.asked).startsWith("a", "a", "a", "a");
    }
  }

  @Test void what_fails_too_often_or_is_refused_waits_for_the_next_day_or_the_engine() {
    var engine = new Scripted(List.of("fails", "fails", "refuses", "works"));
    try (var prefetch = new Prefetch(List.of("a"), new Prefetch.Pace(Duration.ofMillis(1), 2, NEVER))) {
      prefetch.appeared(engine);
      await().atMost(PATIENCE).until(() -> engine.script.size() == 2);
      prefetch.appeared(engine);
      await().atMost(PATIENCE).until(() -> engine.script.size() == 1);
      prefetch.appeared(engine);
      await().atMost(PATIENCE).until(() -> engine.script.isEmpty());
    }
    var pace = Prefetch.Pace.USUAL;
    assertThat(pace.pause(0)).isEqualTo(pace.again());
    assertThat(pace.pause(1)).hasSeconds(30);
    assertThat(pace.pause(7)).hasMinutes(32);
    assertThat(pace.pause(8)).isEqualTo(pace.again());
  }

  @Test void engines_without_images_are_not_asked() {
    var wasm = new Scripted(List.of()) {
      @Override public Engine engine() {
        return Engine.WASM;
      }
    };
    try (var prefetch = new Prefetch(List.of("a"), Prefetch.Pace.USUAL)) {
      prefetch.appeared(wasm);
    }
    assertThat(wasm.asked).isEmpty();
  }

  /// An engine that fetches as it is told; without further words it works.
  private static class Scripted implements Executor {
    final Deque<String> script;
    final List<String> asked = new CopyOnWriteArrayList<>();

    Scripted(List<String> script) {
      this.script = new ConcurrentLinkedDeque<>(script);
    }

    @Override public void prefetch(String image) {
      asked.add(image);
      var word = script.pollFirst();
      if ("fails".equals(word)) {
        throw new ExecutorUnavailableException("no line");
      }
      if ("refuses".equals(word)) {
        throw ExecutorUnavailableException.forGood("no such image");
      }
    }

    @Override public Engine engine() {
      return Engine.DOCKER;
    }

    @Override public Probe probe() {
      return new Probe(true, "scripted");
    }

    @Override public Execution start(Task task, Sink sink) {
      throw new UnsupportedOperationException();
    }
  }
}
