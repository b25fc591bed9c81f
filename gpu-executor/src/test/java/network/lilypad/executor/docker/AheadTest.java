package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Container;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Containers that are made before their deals are run.
final class AheadTest {
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(1),
      new OutputLimits(1 << 20, 1 << 20, 100));

  private final String owner = Owners.fresh();
  private final DockerExecutor executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system());
  @TempDir
  private Path home;

  @AfterEach void close() {
    executor.survivors().forEach(executor::discard);
    executor.close();
  }

  private Task task(String... arguments) {
    return TestEngine.shared().guests(home, 1).task("probe", LIMITS, List.of(arguments), Map.of());
  }

  private List<Container> made() {
    executor.survivors();
    return TestEngine.shared().client().listContainersCmd().withShowAll(true)
        .withLabelFilter(Map.of(ContainerPlan.OWNER, owner)).exec();
  }

  /// The same, when there are so many: what goes on beside a result is not waited for by the executor for ever.
  private List<Container> made(int number) {
    return eventually(this::made, made -> made.size() == number);
  }

  @Test void the_one_that_was_made_is_the_one_that_runs() throws Exception {
    var task = task("out", "later");
    executor.prepare(task("out", "ahead"));
    var made = made(1);
    assertThat(made).singleElement().matches(container -> "created".equals(container.getState()));
    assertThat(executor.adopt(task, Sink.NONE)).isEmpty();
    assertThat(made()).as("it is no survivor").extracting(Container::getId).containsExactly(made.getFirst().getId());
    var ended = executor.start(task, Sink.NONE).await();
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(ended.result().resolve("stdout")).hasContent("ahead");
    assertThat(made(0)).isEmpty();
  }

  @Test void a_deal_that_is_not_run_leaves_none_be_it_still_in_the_making() {
    executor.prepare(task("out", "moo"));
    executor.discard(task("out", "moo").deal());
    assertThat(made(0)).isEmpty();
  }

  @Test void one_that_a_dead_agent_made_is_replaced() throws Exception {
    var dead = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system());
    dead.prepare(task("out", "old"));
    assertThat(made(1)).hasSize(1);
    assertThat(executor.adopt(task("out", "new"), Sink.NONE)).isEmpty();
    assertThat(executor.start(task("out", "new"), Sink.NONE).await().result().resolve("stdout")).hasContent("new");
    assertThat(made(0)).isEmpty();
    dead.close();
  }

  @Test void an_agent_that_is_stopped_leaves_none() {
    try (var stopped = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      stopped.prepare(task("out", "moo"));
    }
    assertThat(made(0)).isEmpty();
  }

  @Test void one_that_somebody_removed_is_made_again() throws Exception {
    executor.prepare(task("out", "moo"));
    TestEngine.shared().client().removeContainerCmd(made(1).getFirst().getId()).exec();
    assertThat(executor.start(task("out", "moo"), Sink.NONE).await().outcome()).isEqualTo(new Exited(0));
  }

  @Test void none_is_made_of_an_image_that_is_not_here() {
    var task = task("out", "moo");
    var spec = task.spec();
    executor.prepare(new Task(task.deal(), new JobSpec(spec.name(), spec.source(),
        spec.engine(), Bytes32.ZERO, "", spec.arguments(), spec.environment(), spec.outputs(), spec.entrypoint(),
        spec.workingDirectory(), spec.hosts(), spec.shmMib()), task.grant(), task.directory()));
    assertThat(made()).isEmpty();
    assertThat(Files.exists(task.directory().begun())).isFalse();
  }

  @Test void no_more_are_made_than_a_machine_begins_at_once() {
    var ahead = new Ahead(_ -> Runnable::run);
    var creations = new AtomicInteger();
    for (int i = 0; i <= Ahead.MADE_MAX; i++) {
      ahead.make(deal(i), () -> Optional.of("container " + creations.getAndIncrement()));
    }
    assertThat(creations).hasValue(Ahead.MADE_MAX);
    assertThat(ahead.take(deal(0))).contains("container 0");
    assertThat(ahead.take(deal(0))).isEmpty();
    ahead.make(deal(Ahead.MADE_MAX), () -> Optional.of("another"));
    assertThat(ahead.take(deal(Ahead.MADE_MAX))).contains("another");
    assertThat(ahead.deals()).hasSize(Ahead.MADE_MAX - 1);
    ahead.make(deal(0), Optional::empty);
    assertThat(ahead.deals()).as("what was not made takes no room").hasSize(Ahead.MADE_MAX - 1);
  }

  private static DealId deal(int number) {
    return new DealId(new Bytes32(0, 0, 0, number));
  }
}
