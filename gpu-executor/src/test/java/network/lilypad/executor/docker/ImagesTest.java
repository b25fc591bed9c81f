package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Listener;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where images come from: pulled by digest from a registry, with passwords and faults.
final class ImagesTest {
  @TempDir
  private Path home;
  @TempDir
  private Path credentials;
  @TempDir
  private Path kept;
  private DockerExecutor executor;

  @BeforeEach void open() {
    var usual = DockerSetting.of(Owners.fresh());
    executor = DockerExecutor.of(new DockerSetting(usual.engine(), usual.owner(), NetworkPolicy.NONE, credentials),
        InstantSource.system());
  }

  @AfterEach void close() {
    executor.close();
  }

  @Test void an_image_is_pulled_by_its_digest_with_progress_and_the_password_of_its_registry() throws Exception {
    try (var registry = DistributionRegistry.closed(kept)) {
      var digest = registry.push(TestEngine.shared(), fresh(), "guests:latest");
      login(registry, DistributionRegistry.PASSWORD);
      var told = new Listener();
      var ended = executor.start(task(digest, registry.host() + "/guests:latest"), told).await();
      assertThat(ended.outcome()).isEqualTo(new Exited(7));
      assertThat(told.phases()).startsWith(Sink.Phase.PREPARING, Sink.Phase.PULLING).endsWith(Sink.Phase.RUNNING);
    }
  }

  @Test void a_registry_that_says_no_is_not_asked_again_and_no_password_is_told() throws Exception {
    try (var registry = DistributionRegistry.closed(kept)) {
      var digest = registry.push(TestEngine.shared(), fresh(), "guests:latest");
      login(registry, "wrong-word");
      var execution = executor.start(task(digest, registry.host() + "/guests"), Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> ((ExecutorUnavailableException) e).lasting(), "lasting")
          .hasMessageNotContaining("wrong-word");
    }
  }

  @Test void a_registry_that_fails_is_asked_again_by_the_next_attempt() throws Exception {
    try (var registry = new FailingRegistry(fresh(), 20)) {
      var task = task(registry.digest(), registry.host() + "/guests");
      var execution = executor.start(task, Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> !((ExecutorUnavailableException) e).lasting(), "may be repeated");
    }
    try (var registry = new FailingRegistry(fresh(), 0)) {
      assertThat(executor.start(task(registry.digest(), registry.host() + "/guests"), Sink.NONE).await().outcome())
          .isEqualTo(new Exited(7));
      TestEngine.shared().remove(registry.host() + "/guests@sha256:" + registry.digest().toString().substring(2));
    }
  }

  @Test void what_was_fetched_ahead_is_here_when_its_registry_says_no() throws Exception {
    try (var registry = DistributionRegistry.closed(kept)) {
      // given
      var digest = registry.push(TestEngine.shared(), fresh(), "ahead:v1");
      var name = registry.host() + "/ahead:v1";
      assertThatThrownBy(() -> executor.prefetch(name)).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> ((ExecutorUnavailableException) e).lasting(), "lasting");
      // when
      login(registry, DistributionRegistry.PASSWORD);
      executor.prefetch(name);
      // then
      try {
        login(registry, "wrong-word");
        executor.prefetch(name);
        assertThat(executor.start(task(digest, name), Sink.NONE).await().outcome()).isEqualTo(new Exited(7));
      } finally {
        TestEngine.shared().remove(name);
      }
    }
  }

  @Test void another_image_under_the_same_name_is_refused() throws Exception {
    try (var registry = DistributionRegistry.open(kept)) {
      registry.push(TestEngine.shared(), fresh(), "guests:latest");
      var execution = executor.start(task(Sha256.hash(new byte[1]), registry.host() + "/guests"), Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> ((ExecutorUnavailableException) e).lasting(), "lasting");
    }
    var nameless = executor.start(task(Sha256.hash(new byte[1]), ""), Sink.NONE);
    assertThatThrownBy(nameless::await).hasMessageContaining("image missing or different");
  }

  @Test void a_pull_that_takes_all_of_the_jobs_time_is_a_fault_of_the_machine_and_no_result() throws Exception {
    try (var registry = FailingRegistry.mute(fresh())) {
      var execution = executor.start(task(registry.digest(), registry.host() + "/guests", Duration.ofSeconds(2)),
          Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> !((ExecutorUnavailableException) e).lasting(), "may be repeated")
          .hasMessageContaining("the job's time, 2 s, was over before its program could be started");
    }
  }

  @Test void a_pull_that_is_cancelled_ends_long_before_its_time() throws Exception {
    try (var registry = FailingRegistry.mute(fresh())) {
      var execution = executor.start(task(registry.digest(), registry.host() + "/guests"), Sink.NONE);
      execution.cancel();
      assertThat(execution.await().outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test void a_registry_that_falls_silent_is_left_and_may_be_asked_again() throws Exception {
    try (var registry = FailingRegistry.mute(fresh());
        var engine = new EngineClient(DockerSetting.of(Owners.fresh()).engine())) {
      var reference = registry.host() + "/guests@sha256:" + registry.digest().toString().substring(2);
      var pull = new Pull(reference, Sink.NONE, Duration.ofSeconds(3), Pull.Room.ANY);
      engine.pull(reference, Optional.empty(), pull);
      assertThatThrownBy(() -> pull.await(new Brake())).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> !((ExecutorUnavailableException) e).lasting(), "may be repeated")
          .hasMessage("image pull: " + reference + ": the registry said nothing for 3 s");
    }
  }

  @Test void an_image_above_the_bound_is_given_up_with_the_key_that_bounds_it() throws Exception {
    var usual = DockerSetting.of(Owners.fresh());
    var large = ShellImage.of("", Map.of("once", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
    try (var registry = FailingRegistry.slow(large);
        var small = DockerExecutor.of(
            usual.with(new ImageRule(1000, Duration.ofDays(1), Optional.empty())), InstantSource.system())) {
      var execution = small.start(task(registry.digest(), registry.host() + "/guests"), Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> ((ExecutorUnavailableException) e).lasting(), "lasting")
          .hasMessageContaining("it has more than 1000 bytes")
          .hasMessageContaining("lilypad.agent.docker.image-size-max");
    }
  }

  @Test void an_image_that_no_job_has_used_for_long_is_removed_unless_a_container_has_it() throws Exception {
    // given
    var seconds = new AtomicLong(Instant.now().getEpochSecond());
    InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    var rule = new ImageRule(1L << 30, Duration.ofDays(30), Optional.of(home.resolve("images")));
    var client = TestEngine.shared().client();
    try (var registry = new FailingRegistry(fresh(), 0);
        var noting = DockerExecutor.of(DockerSetting.of(Owners.fresh()).with(rule), clock);
        var engine = new EngineClient(TestEngine.socketOf())) {
      var reference = registry.host() + "/guests@sha256:" + registry.digest().toString().substring(2);
      var task = task(registry.digest(), registry.host() + "/guests");
      noting.start(task, Sink.NONE).await();
      seconds.addAndGet(Duration.ofDays(29).toSeconds());
      noting.start(task, Sink.NONE).await();
      assertThat(noting.survivors()).isEmpty();
      // when, then
      seconds.addAndGet(Duration.ofDays(29).toSeconds());
      new ImageShelf(engine, rule, clock, Optional::empty).tidy();
      assertThat(engine.image(reference)).as("used 29 days ago").isPresent();
      var holder = client.createContainerCmd(reference).withCmd("/bin/true").exec().getId();
      seconds.addAndGet(Duration.ofDays(2).toSeconds());
      new ImageShelf(engine, rule, clock, Optional::empty).tidy();
      assertThat(engine.image(reference)).as("a container has it").isPresent();
      client.removeContainerCmd(holder).exec();
      new ImageShelf(engine, rule, clock, Optional::empty).tidy();
      assertThat(engine.image(reference)).isEmpty();
      assertThat(home.resolve("images")).isEmptyFile();
      assertThat(noting.start(task, Sink.NONE).await().outcome()).as("pulled again").isEqualTo(new Exited(7));
      assertThat(noting.survivors()).isEmpty();
      new ImageShelf(engine, rule, clock, () -> Optional.of("the disk is short")).tidy();
      assertThat(engine.image(reference)).as("the disk is short").isEmpty();
    }
  }

  @Test void an_image_that_the_owner_wants_stays_even_if_a_job_has_brought_it() throws Exception {
    var rule = new ImageRule(1L << 30, Duration.ofDays(30), Optional.of(home.resolve("images")));
    try (var registry = new FailingRegistry(fresh(), 0);
        var noting = DockerExecutor.of(DockerSetting.of(Owners.fresh()).with(rule), InstantSource.system());
        var engine = new EngineClient(TestEngine.socketOf())) {
      // given
      var reference = registry.host() + "/guests@sha256:" + registry.digest().toString().substring(2);
      noting.start(task(registry.digest(), registry.host() + "/guests"), Sink.NONE).await();
      assertThat(noting.survivors()).isEmpty();
      assertThat(home.resolve("images")).content().contains(reference);
      // when
      noting.prefetch(reference);
      // then
      try {
        assertThat(home.resolve("images")).isEmptyFile();
        new ImageShelf(engine, rule, InstantSource.system(), () -> Optional.of("the disk is short")).tidy();
        assertThat(engine.image(reference)).isPresent();
      } finally {
        TestEngine.shared().remove(reference);
      }
    }
  }

  @Test void names_lose_tag_and_digest() {
    assertThat(Images.repository("host:5000/a/b:tag@sha256:00")).isEqualTo("host:5000/a/b");
    assertThat(Images.repository("busybox")).isEqualTo("busybox");
    assertThat(Images.repository("busybox:1.36")).isEqualTo("busybox");
    assertThat(Images.repository("host:5000/b")).isEqualTo("host:5000/b");
  }

  private void login(DistributionRegistry registry, String password) throws IOException {
    var login = DistributionRegistry.USER + ":" + password;
    Files.writeString(credentials.resolve("config.json"), "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(
        registry.host(), Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))));
  }

  /// An image that no engine has seen.
  private static ShellImage fresh() {
    return ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}");
  }

  private Task task(Bytes32 image, String name) {
    return task(image, name, Duration.ofMinutes(1));
  }

  private Task task(Bytes32 image, String name, Duration time) {
    var spec = new JobSpec("guest", "", Engine.DOCKER, image, name, List.of("/guests/probe", "exit", "7"),
        new TreeMap<>(),
        new TreeMap<>());
    var limits = new Guests.Limits(64, time, new OutputLimits(1 << 20, 1 << 20, 100));
    return TestEngine.shared().guests(home, 1).task(spec, limits);
  }
}
