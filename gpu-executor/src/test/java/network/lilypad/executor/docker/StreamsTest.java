package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Output that comes faster than it is written.
final class StreamsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = 20_000_000;
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(5),
      new OutputLimits(4_000_000, 1 << 20, 100));

  private final Brake brake = new Brake();
  @TempDir
  private Path home;

  /// A listener that stands for as long as a test wants, as a disk does.
  private record Standing(CountDownLatch stands, Runnable until) implements Sink {
    @Override public void log(Chunk chunk) {
      if (stands.getCount() > 0) {
        stands.countDown();
        until.run();
      }
    }

    @Override public void progress(Progress progress) {
      // of no interest
    }
  }

  private Task task(String... verbs) {
    return TestEngine.shared().guests(home, 1).task("probe", LIMITS, List.of(verbs), Map.of());
  }

  private Streams open(Task task, Sink sink) throws IOException {
    task.directory().prepare();
    return new Streams(task, sink, brake);
  }

  private static Frame frame(StreamType stream, int bytes) {
    return new Frame(stream, "x".repeat(bytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test void the_engine_is_read_while_the_disk_stands_and_what_it_said_is_whole() throws Exception {
    var task = task();
    var goesOn = new CompletableFuture<Boolean>();
    var sink = new Standing(new CountDownLatch(1), goesOn::join);
    try (var streams = open(task, sink)) {
      var read = CompletableFuture.runAsync(() -> {
        for (int i = 0; i < 30; i++) {
          streams.reader().onNext(frame(StreamType.STDOUT, 100_000));
          streams.reader().onNext(frame(StreamType.STDERR, 10));
        }
        streams.reader().onComplete();
      });
      assertThat(sink.stands().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(read).succeedsWithin(PATIENCE);
      // when
      var drains = new CompletableFuture<Thread>();
      var drained = CompletableFuture.runAsync(() -> {
        drains.complete(Thread.currentThread());
        streams.drain();
      });
      assertThat(eventually(drains.join()::getState, Thread.State.TIMED_WAITING::equals)).as("it waits")
          .isEqualTo(Thread.State.TIMED_WAITING);
      assertThat(drained).isNotDone();
      goesOn.complete(true);
      // then
      assertThat(drained).succeedsWithin(PATIENCE);
      assertThat(streams.bytes()).isEqualTo(3_000_300);
      assertThat(Files.size(task.directory().stream(Sink.Stream.STDOUT))).isEqualTo(3_000_000);
      assertThat(Files.size(task.directory().stream(Sink.Stream.STDERR))).isEqualTo(300);
      assertThat(brake.reason()).isEmpty();
    }
  }

  @Test void no_more_than_the_bound_waits_for_the_disk() throws Exception {
    var task = task();
    var goesOn = new CompletableFuture<Boolean>();
    try (var streams = open(task, new Standing(new CountDownLatch(1), goesOn::join))) {
      streams.reader().onNext(frame(StreamType.STDOUT, 4_000_000));
      assertThat(brake.reason()).isEmpty();
      streams.reader().onNext(frame(StreamType.STDOUT, 1));
      assertThat(brake.reason()).contains(new Outcome.OutputTooLarge("stdout bytes: above 4000000"));
      streams.reader().onNext(frame(StreamType.STDOUT, 4_000_000));
      streams.reader().onComplete();
      goesOn.complete(true);
      streams.drain();
      assertThat(task.directory().stream(Sink.Stream.STDOUT)).hasSize(4_000_000);
    }
  }

  @Test void output_that_cannot_be_kept_ends_the_run_and_is_a_fault_of_the_machine() throws Exception {
    try (var streams = open(task(), new Standing(new CountDownLatch(1), () -> {
      throw new IllegalStateException("no room");
    }))) {
      streams.reader().onNext(frame(StreamType.STDOUT, 1));
      streams.reader().onComplete();
      assertThatThrownBy(streams::drain).isInstanceOf(ExecutorUnavailableException.class)
          .hasMessageContaining("no room");
      assertThat(brake.reason()).contains(new Outcome.Cancelled());
    }
  }

  @Test void what_is_closed_in_the_middle_asks_for_nothing() throws Exception {
    var goesOn = new CompletableFuture<Boolean>();
    var writer = new CompletableFuture<Thread>();
    var sink = new Standing(new CountDownLatch(1), () -> {
      writer.complete(Thread.currentThread());
      goesOn.join();
      throw new IllegalStateException("late");
    });
    try (var streams = open(task(), sink)) {
      streams.reader().onNext(frame(StreamType.STDOUT, 1));
      assertThat(sink.stands().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    goesOn.complete(true);
    assertThat(writer.join().join(PATIENCE)).isTrue();
    assertThat(brake.reason()).isEmpty();
  }

  @Test void a_program_ends_while_the_disk_stands_and_its_output_is_whole() throws Exception {
    var owner = Owners.fresh();
    var ended = new AtomicBoolean();
    var task = TestEngine.shared().guests(home, 1).task("probe", LIMITS, List.of("sh", "head -c 3000000 /dev/zero"),
        Map.of());
    var sink = new Standing(new CountDownLatch(1), () -> ended.set(ends(owner, task)));
    try (var executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      var run = executor.start(task, sink).await();
      assertThat(ended).isTrue();
      assertThat(run.outcome()).isEqualTo(new Exited(0));
      assertThat(run.result().resolve("stdout")).hasSize(3_000_000);
    }
  }

  @Test void what_the_disk_takes_for_the_output_is_no_time_of_the_program() throws Exception {
    var owner = Owners.fresh();
    var ended = new AtomicBoolean();
    var time = Duration.ofSeconds(15);
    var task = TestEngine.shared().guests(home, 1).task("probe", new Guests.Limits(64, time, LIMITS.output()),
        List.of("sh", "echo done"), Map.of());
    long late = System.nanoTime() + time.plusSeconds(3).toNanos();
    var sink = new Standing(new CountDownLatch(1), () -> {
      ended.set(ends(owner, task));
      while (System.nanoTime() - late < 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    });
    try (var executor = DockerExecutor.of(DockerSetting.of(owner), InstantSource.system())) {
      var run = executor.start(task, sink).await();
      assertThat(ended).isTrue();
      assertThat(run.outcome()).isEqualTo(new Exited(0));
      assertThat(run.result().resolve("stdout")).hasContent("done\n");
    }
  }

  private static boolean ends(String owner, Task task) {
    var labels = ContainerPlan.labels(owner, task.deal());
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end;) {
      var found = TestEngine.shared().client().listContainersCmd().withShowAll(true).withLabelFilter(labels).exec();
      if (!found.isEmpty() && found.stream().allMatch(container -> "exited".equals(container.getState()))) {
        return true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return false;
  }
}
