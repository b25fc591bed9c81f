package network.lilypad.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.GpuExecutor.Accepted;
import network.lilypad.executor.GpuExecutor.Cancel;
import network.lilypad.executor.GpuExecutor.Cancelled;
import network.lilypad.executor.GpuExecutor.Event;
import network.lilypad.executor.GpuExecutor.Failed;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.GpuExecutor.Forget;
import network.lilypad.executor.GpuExecutor.Log;
import network.lilypad.executor.GpuExecutor.Refused;
import network.lilypad.executor.GpuExecutor.Retrying;
import network.lilypad.executor.GpuExecutor.Run;
import network.lilypad.executor.GpuExecutor.Setting;
import network.lilypad.executor.GpuExecutor.Started;
import network.lilypad.executor.GpuExecutor.Status;
import network.lilypad.executor.GpuExecutor.Stopped;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Task.Grant;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.executor.wasm.WasmExecutor;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/// The supervision of runs: admission, retries, cancels, crashes.
final class GpuExecutorTest extends MachineFixture {
  @Test void a_run_is_started_on_its_gpus_told_and_finished() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    replies.expectMessage(new Accepted(deal(1)));
    var execution = engine.next();
    events.expectMessage(new Started(deal(1), 1, NOON));
    assertThat(execution.task().grant().gpus()).containsExactly("GPU-a");
    var chunk = new Sink.Chunk(Sink.Stream.STDOUT, 0, ByteString.fromString("hello"));
    execution.sink().log(chunk);
    assertThat(events.expectMessageClass(Log.class).chunk()).isEqualTo(chunk);
    execution.end(new Exited(0));
    assertThat(events.expectMessageClass(Finished.class).ended().outcome()).isEqualTo(new Exited(0));
    assertThat(status(machine)).isEqualTo(new Status(Set.of(), Set.of(deal(1)),
        INVENTORY.capacity()));
  }

  @Test void several_run_at_once_and_what_does_not_fit_is_refused_with_what_is_free() throws Exception {
    var machine = machine();
    for (int i = 1; i <= 2; i++) {
      machine.tell(run(deal(i), ONE_GPU));
      replies.expectMessage(new Accepted(deal(i)));
    }
    var first = engine.next();
    var second = engine.next();
    assertThat(List.of(first.task().grant().gpus(), second.task().grant().gpus()))
        .containsExactlyInAnyOrder(List.of("GPU-a"), List.of("GPU-b"));
    machine.tell(run(deal(3), ONE_GPU));
    var refused = replies.expectMessageClass(Refused.class);
    assertThat(refused.why()).isEqualTo(new Rejection.NoCapacity(MACHINE.toString(), ONE_GPU.toString(),
        INVENTORY.capacity().minus(ONE_GPU).minus(ONE_GPU).toString()));
    first.end(new Exited(0));
    awaitEvent(Finished.class);
    machine.tell(run(deal(3), ONE_GPU));
    replies.expectMessage(new Accepted(deal(3)));
    assertThat(engine.next().task().grant().gpus()).isEqualTo(first.task().grant().gpus());
  }

  @Test void the_same_deal_twice_is_one_run_and_its_end_is_told_again() throws Exception {
    var machine = machine();
    var later = kit.<Event>createTestProbe();
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    events.expectMessageClass(Started.class);
    machine.tell(new Run(task(deal(1), ONE_GPU), lease(deal(1)), later.ref(), replies.ref()));
    replies.expectMessage(new Accepted(deal(1)));
    replies.expectMessage(new Accepted(deal(1)));
    execution.end(new Exited(3));
    var end = later.expectMessageClass(Finished.class);
    machine.tell(run(deal(1), ONE_GPU));
    replies.expectMessage(new Accepted(deal(1)));
    events.expectMessage(end);
    assertThat(engine.isIdle()).isTrue();
    machine.tell(new Forget(deal(1)));
    machine.tell(run(deal(1), ONE_GPU));
    events.expectMessageClass(Started.class);
  }

  @Test void a_lease_of_another_deal_or_one_that_is_over_or_a_missing_engine_is_refused() {
    var machine = machine();
    machine.tell(new Run(task(deal(1), ONE_GPU), lease(deal(2)), events.ref(), replies.ref()));
    assertThat(replies.expectMessageClass(Refused.class).why()).isInstanceOf(Rejection.Malformed.class);
    now = NOON.plus(LEASE);
    machine.tell(run(deal(1), ONE_GPU));
    assertThat(replies.expectMessageClass(Refused.class).why()).isEqualTo(
        new Rejection.TooLate("run", now.getEpochSecond(), now.getEpochSecond()));
    now = NOON;
    var bare = kit.spawn(GpuExecutor.create(
        new Setting(Map.of(), INVENTORY, RetryPolicy.of(new Random(1)), () -> now)));
    bare.tell(run(deal(1), ONE_GPU));
    assertThat(replies.expectMessageClass(Refused.class).why()).isInstanceOf(Rejection.MachineUnavailable.class);
  }

  @Test void a_fault_of_the_machine_is_tried_again_after_growing_pauses_and_then_admitted() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    var before = Duration.ZERO;
    for (int attempt = 1; attempt < 4; attempt++) {
      engine.next().fail(new ExecutorUnavailableException("engine gone"));
      events.expectMessage(new Started(deal(1), attempt, NOON));
      var retrying = events.expectMessageClass(Retrying.class);
      assertThat(retrying.failedAttempts()).isEqualTo(attempt);
      assertThat(retrying.pause()).isBetween(Duration.ofSeconds(1L << (attempt - 1)), Duration.ofSeconds(1L << attempt))
          .isGreaterThan(before);
      before = retrying.pause();
      time.expectNoMessageFor(retrying.pause().minusMillis(1), events);
      time.timePasses(Duration.ofMillis(1));
    }
    events.expectMessage(new Started(deal(1), 4, NOON));
    engine.next().fail(new ExecutorUnavailableException("engine gone"));
    events.expectMessage(new Failed(deal(1), "engine gone (4 attempts)"));
    assertThat(status(machine).free()).isEqualTo(INVENTORY.capacity());
  }

  @Test void a_failure_of_the_job_is_a_result_and_not_tried_again() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    engine.next().end(new Outcome.OutOfMemory(1024));
    events.expectMessageClass(Started.class);
    assertThat(events.expectMessageClass(Finished.class).ended().outcome()).isEqualTo(new Outcome.OutOfMemory(1024));
    assertThat(engine.isIdle()).isTrue();
  }

  @Test void a_cancel_is_acknowledged_when_the_run_has_stopped_and_its_slice_is_free() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    replies.expectMessageClass(Accepted.class);
    var execution = engine.next();
    machine.tell(new Cancel(deal(1), replies.ref()));
    machine.tell(new Cancel(deal(1), replies.ref()));
    execution.awaitCancel();
    assertThat(status(machine).running()).containsExactly(deal(1));
    replies.expectNoMessage(QUIET);
    execution.end(new Outcome.Cancelled());
    replies.expectMessage(new Stopped(deal(1)));
    replies.expectMessage(new Stopped(deal(1)));
    events.expectMessageClass(Started.class);
    events.expectMessage(new Cancelled(deal(1)));
    assertThat(status(machine).free()).isEqualTo(INVENTORY.capacity());
    machine.tell(new Cancel(deal(9), replies.ref()));
    replies.expectMessage(new Stopped(deal(9)));
  }

  @Test void a_cancel_between_two_attempts_ends_the_run_at_once() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    engine.next().fail(new ExecutorUnavailableException("engine gone"));
    events.expectMessageClass(Started.class);
    events.expectMessageClass(Retrying.class);
    replies.expectMessageClass(Accepted.class);
    machine.tell(new Cancel(deal(1), replies.ref()));
    replies.expectMessage(new Stopped(deal(1)));
    events.expectMessage(new Cancelled(deal(1)));
    time.timePasses(Duration.ofMinutes(1));
    assertThat(engine.isIdle()).isTrue();
  }

  @Test void a_run_that_outlives_its_lease_is_stopped_without_a_result() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    events.expectMessageClass(Started.class);
    now = NOON.plus(LEASE);
    time.timePasses(LEASE);
    execution.awaitCancel();
    execution.end(new Outcome.Cancelled());
    assertThat(events.expectMessageClass(Failed.class).reason()).contains("lease");
    assertThat(status(machine).running()).isEmpty();
  }

  @Test void a_bug_in_one_run_fails_that_run_and_leaves_its_neighbour_alone() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    var broken = engine.next();
    events.expectMessageClass(Started.class);
    machine.tell(run(deal(2), ONE_GPU));
    var neighbour = engine.next();
    events.expectMessageClass(Started.class);
    broken.fail(new IllegalStateException("bug"));
    assertThat(events.expectMessageClass(Failed.class)).isEqualTo(
        new Failed(deal(1), "java.lang.IllegalStateException: bug"));
    assertThat(neighbour.isCancelled()).isFalse();
    neighbour.end(new Exited(0));
    events.expectMessageClass(Finished.class);
  }

  @Test void a_crash_beside_a_run_cancels_it_and_frees_the_slice_only_when_it_is_gone() throws Exception {
    // given a neighbour that runs, and a clock that breaks when the next run, already begun, is about to say so
    var looks = new AtomicInteger(-1000);
    var machine = machine(RetryPolicy.of(new Random(1)), () -> {
      Defect.unless(looks.incrementAndGet() != 3, "the clock broke");
      return now;
    });
    machine.tell(run(deal(2), ONE_GPU));
    var neighbour = engine.next();
    events.expectMessageClass(Started.class);
    // when
    looks.set(0);
    machine.tell(run(deal(1), ONE_GPU));
    var crashed = engine.next();
    // then
    crashed.awaitCancel();
    assertThat(status(machine).running()).containsExactlyInAnyOrder(deal(1), deal(2));
    crashed.end(new Outcome.Cancelled());
    assertThat(awaitEvent(Failed.class).deal()).isEqualTo(deal(1));
    assertThat(status(machine).free()).isEqualTo(INVENTORY.capacity().minus(ONE_GPU));
    assertThat(neighbour.isCancelled()).isFalse();
  }

  @Test void stopping_the_machine_cancels_what_runs() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    kit.stop(machine);
    execution.awaitCancel();
  }

  @Test void a_subscriber_that_does_not_take_chunks_gets_no_more_than_the_window() throws Exception {
    var machine = machine();
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    events.expectMessageClass(Started.class);
    var bytes = ByteString.fromArray(new byte[Sink.CHUNK_BYTES_MAX]);
    int fitting = LogWindow.BYTES / (Sink.CHUNK_BYTES_MAX + LogWindow.CHUNK_BYTES);
    for (int i = 0; i < 2 * fitting; i++) {
      execution.sink().log(new Sink.Chunk(Sink.Stream.STDOUT, (long) i * bytes.size(), bytes));
    }
    var last = events.expectMessageClass(Log.class);
    for (int i = 1; i < fitting; i++) {
      last = events.expectMessageClass(Log.class);
    }
    last.taken();
    execution.sink().log(new Sink.Chunk(Sink.Stream.STDOUT, 2L * fitting * bytes.size(), bytes));
    assertThat(events.expectMessageClass(Log.class).chunk().offset()).as("the gap shows")
        .isEqualTo(2L * fitting * bytes.size());
  }

  @Test void a_real_module_runs_to_its_result() throws Exception {
    try (var wasm = WasmExecutor.of(() -> now, 64)) {
      var machine = kit.spawn(GpuExecutor.create(
          new Setting(Map.of(Engine.WASM, wasm), INVENTORY, RetryPolicy.of(new Random(1)), () -> now)));
      var module = BundledModules.find("cowsay").orElseThrow();
      var directory = new RunDirectory(home);
      Files.write(directory.program(), module.wasm());
      var spec = new JobSpec(module.reference(), "", Engine.WASM, module.digest(), "", List.of("hi"), new TreeMap<>(),
          new TreeMap<>(Map.of("outputs", "/outputs")));
      var grant = new Grant(Resources.cpu(1000, 64, 10), Duration.ofMinutes(1), OutputLimits.of(10), List.of(),
          NetworkPolicy.NONE);
      machine.tell(new Run(new Task(deal(1), spec, grant, directory), lease(deal(1)), events.ref(), replies.ref()));
      var end = awaitEvent(Finished.class);
      assertThat(end.ended().outcome()).isEqualTo(new Exited(0));
      assertThat(directory.stream(Sink.Stream.STDOUT)).content().contains("| hi |");
    }
  }

  @Test void how_often_a_run_is_tried_depends_on_its_module() throws Exception {
    RetryRule rule = job -> RetryPolicy.of(new Random(1)).withAttempts(job.name().equals("guest") ? 1 : 4);
    var machine = kit.spawn(GpuExecutor.create(new Setting(Map.of(Engine.WASM, engine), INVENTORY, rule, () -> now,
        GpuExecutor.Gpus.UNWATCHED)));
    machine.tell(run(deal(1), ONE_GPU));
    engine.next().fail(new ExecutorUnavailableException("no image"));
    assertThat(awaitEvent(Failed.class).reason()).isEqualTo("no image (1 attempts)");
  }
}
