package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.WaitContainerResultCallback;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Listener;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agents and engines that come and go while a container runs.
final class RestartTest {
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(5),
      new OutputLimits(1 << 20, 1 << 20, 100));

  @TempDir
  private Path home;

  /// What a restarted engine does to a container is not the job's own end: whatever the program answers to the signal.
  @Test void an_engine_that_restarts_in_the_middle_is_a_fault_of_the_machine_and_the_next_attempt_has_a_result()
      throws Exception {
    try (var engine = new PrivateEngine(Files.createDirectory(home.resolve("engine")));
        var executor = executor(engine, "restart")) {
      var directory = Files.createDirectory(home.resolve("run"));
      var polite = task(engine, directory, "trap 'echo bye; exit 0' TERM; echo spinning; while :; do sleep 0.1; done");
      var told = new Listener();
      var first = executor.start(polite, told);
      told.awaitText("spinning");
      engine.restart();
      assertThatThrownBy(first::await).isInstanceOf(ExecutorUnavailableException.class)
          .matches(e -> !((ExecutorUnavailableException) e).lasting(), "may be repeated");
      var again = task(engine, directory, "echo again");
      assertThat(executor.adopt(again, Sink.NONE)).isEmpty();
      assertThat(ended(executor, again)).isEqualTo(new Exited(0));
      var heard = new Listener();
      var second = executor.start(polite, heard);
      heard.awaitText("spinning");
      engine.crash();
      assertThatThrownBy(second::await).isInstanceOf(ExecutorUnavailableException.class);
      assertThat(executor.adopt(again, Sink.NONE)).isEmpty();
      assertThat(ended(executor, again)).isEqualTo(new Exited(0));
      assertThat(eventually(executor::survivors, Set::isEmpty)).isEmpty();
    }
  }

  /// As a run is tried again: a connection that the engine left behind is found out by using it, one at an attempt.
  private static Outcome ended(DockerExecutor executor, Task task) throws InterruptedException {
    for (int attempt = 1;; attempt++) {
      try {
        return executor.start(task, Sink.NONE).await().outcome();
      } catch (ExecutorUnavailableException e) {
        assertThat(attempt).as(e.getMessage()).isLessThan(4);
      }
    }
  }

  @Test void a_container_that_outlived_its_agent_is_taken_up_and_its_output_is_whole() throws Exception {
    var owner = Owners.fresh();
    var task = TestEngine.shared().guests(home, 1).task("probe", LIMITS,
        List.of("out", "one\n", "err", "a\n", "sh", "while [ ! -f /inputs/go ]; do sleep 0.1; done", "out", "two\n",
            "write",
            "/outputs/file", "exit", "9"),
        Map.of());
    Files.createDirectory(home.resolve("inputs"));
    var told = new Listener();
    try (var dead = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      dead.start(task, told);
      told.awaitText("one");
    }
    try (var executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system());
        var stranger = DockerExecutor.of(DockerSetting.of(Owners.fresh()), InstantSource.system())) {
      assertThat(stranger.survivors()).isEmpty();
      assertThat(executor.survivors()).containsExactly(task.deal());
      var adopted = executor.adopt(task, Sink.NONE).orElseThrow();
      Files.createFile(home.resolve("inputs/go"));
      var ended = adopted.await();
      assertThat(ended.outcome()).isEqualTo(new Exited(9));
      assertThat(ended.result().resolve("stdout")).content().isEqualTo("one\ntwo\n");
      assertThat(ended.result().resolve("stderr")).content().isEqualTo("a\n");
      assertThat(ended.result().resolve("outputs/file")).exists();
      assertThat(eventually(executor::survivors, Set::isEmpty)).isEmpty();
    }
  }

  @Test void a_container_that_ended_while_no_agent_looked_has_its_result_unless_somebody_stopped_it() throws Exception {
    var owner = Owners.fresh();
    var client = TestEngine.shared().client();
    for (boolean stopped : List.of(false, true)) {
      var directory = Files.createDirectories(home.resolve("run-" + stopped));
      var task = TestEngine.shared().guests(directory, 1).task("probe", LIMITS,
          List.of("out", "one\n", "sh", "while [ ! -f /inputs/go ]; do sleep 0.1; done", "exit", "4"), Map.of());
      var inputs = Files.createDirectory(directory.resolve("inputs"));
      var told = new Listener();
      try (var dead = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
        dead.start(task, told);
        told.awaitText("one");
      }
      var container = client.listContainersCmd().withShowAll(true)
          .withLabelFilter(ContainerPlan.labels(owner, task.deal())).exec()
          .getFirst()
          .getId();
      // an agent that is killed leaves it running
      client.unpauseContainerCmd(container).exec();
      if (stopped) {
        client.stopContainerCmd(container).withTimeout(0).exec();
      } else {
        Files.createFile(inputs.resolve("go"));
      }
      client.waitContainerCmd(container).exec(new WaitContainerResultCallback()).awaitStatusCode();
      // the next agent comes when the run's time would be over
      var late = InstantSource.offset(InstantSource.system(), LIMITS.time().multipliedBy(2));
      try (var executor = DockerExecutor.of(DockerSetting.of(owner), late)) {
        var adopted = executor.adopt(task, Sink.NONE);
        assertThat(adopted.isEmpty()).isEqualTo(stopped);
        if (!stopped) {
          var ended = adopted.orElseThrow().await();
          assertThat(ended.outcome()).isEqualTo(new Exited(4));
          assertThat(Duration.between(ended.usage().startedAt(), ended.usage().endedAt())).as("paid until it ended")
              .isLessThan(LIMITS.time());
        }
        assertThat(eventually(executor::survivors, Set::isEmpty)).isEmpty();
      }
    }
  }

  /// Whoever stops an agent does not leave somebody's program without a bound on his machine.
  @Test void a_container_stands_still_while_no_agent_minds_it_and_its_time_does_so_too() throws Exception {
    var owner = Owners.fresh();
    var brief = new Guests.Limits(64, Duration.ofMinutes(1), LIMITS.output());
    var task = TestEngine.shared().guests(home, 1).task("probe", brief,
        List.of("out", "one\n", "sh", "while [ ! -f /inputs/go ]; do sleep 0.1; done; date +%s", "exit", "0"),
        Map.of());
    Files.createDirectory(home.resolve("inputs"));
    var told = new Listener();
    try (var stopped = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      stopped.start(task, told);
      told.awaitText("one");
    }
    // given that it stood still for longer than it may run
    var client = TestEngine.shared().client();
    var container = client.listContainersCmd().withLabelFilter(ContainerPlan.labels(owner, task.deal())).exec();
    assertThat(container).singleElement().matches(found -> found.getStatus().contains("Paused"));
    var past = Duration.ofMinutes(3);
    for (var stamp : List.of(task.directory().begun(), task.directory().paused())) {
      Files.writeString(stamp, Instant.parse(Files.readString(stamp)).minus(past).toString());
    }
    // when
    try (var executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      var adopted = executor.adopt(task, Sink.NONE).orElseThrow();
      Files.createFile(home.resolve("inputs/go"));
      // then
      var ended = adopted.await();
      assertThat(ended.outcome()).isEqualTo(new Exited(0));
      assertThat(Duration.between(ended.usage().startedAt(), ended.usage().endedAt())).as("what is paid for")
          .isLessThan(past);
      assertThat(task.directory().paused()).doesNotExist();
      assertThat(eventually(executor::survivors, Set::isEmpty)).isEmpty();
    }
  }

  @Test void a_container_that_nobody_wants_is_discarded() throws Exception {
    var owner = Owners.fresh();
    var task = TestEngine.shared().guests(home, 1).task("spin", LIMITS, List.of("loop"), Map.of());
    var told = new Listener();
    try (var dead = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      dead.start(task, told);
      told.awaitText("spinning");
    }
    try (var executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      executor.discard(task.deal());
      assertThat(eventually(executor::survivors, Set::isEmpty)).isEmpty();
      assertThat(executor.adopt(task, Sink.NONE)).isEmpty();
    }
  }

  @Test void an_engine_that_is_not_there_is_told_without_a_fault() {
    var nowhere = new DockerSetting(java.net.URI.create("unix://" + home.resolve("nothing.sock")), "nobody",
        NetworkPolicy.NONE, home);
    try (var executor = DockerExecutor.of(nowhere, InstantSource.system())) {
      assertThat(executor.probe().ready()).isFalse();
      assertThat(executor.probe().version()).contains("nothing.sock");
    }
  }

  private DockerExecutor executor(PrivateEngine engine, String owner) {
    return DockerExecutor.of(new DockerSetting(engine.socket(), owner, NetworkPolicy.NONE, home),
        InstantSource.system());
  }

  private static Task task(PrivateEngine engine, Path directory, String script) {
    var made = TestEngine.at(engine.socket());
    var spec = new JobSpec("guest", "", Engine.DOCKER, made.image(), "", List.of("/bin/sh", "-c", script),
        new TreeMap<>(),
        new TreeMap<>());
    return made.guests(directory, 1).task(spec, LIMITS);
  }
}
