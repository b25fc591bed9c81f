package network.lilypad.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.GpuExecutor.Cancelled;
import network.lilypad.executor.GpuExecutor.Command;
import network.lilypad.executor.GpuExecutor.Failed;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.GpuExecutor.Refused;
import network.lilypad.executor.GpuExecutor.Setting;
import network.lilypad.executor.GpuExecutor.Started;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuProbe;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuReading;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.executor.gpu.GpuWatch;
import network.lilypad.protocol.value.Engine;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/// Runs on GPUs that are looked at: lost ones, new ones, and what is used of them.
final class GpusOfRunsTest extends MachineFixture {
  private final LookingProbe probe = new LookingProbe(new LinkedBlockingQueue<>());
  private final BlockingQueue<GpuFleet> told = new LinkedBlockingQueue<>();

  @Test void a_run_whose_gpu_is_lost_fails_without_a_repeat_and_the_gpu_is_not_given_out_again() throws Exception {
    var machine = watching(GpuWatch.Later.NEVER);
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    events.expectMessageClass(Started.class);
    probe.answers().add(List.of(reading("GPU-b")));
    assertThat(nextFleet().fenced()).containsOnlyKeys("GPU-a");
    execution.awaitCancel();
    execution.end(new Outcome.Cancelled());
    assertThat(events.expectMessageClass(Failed.class).reason()).isEqualTo("GPU GPU-a: it is lost");
    assertThat(status(machine).free().gpus()).isEqualTo(1);
    machine.tell(run(deal(2), ONE_GPU));
    assertThat(engine.next().task().grant().gpus()).containsExactly("GPU-b");
    machine.tell(run(deal(3), ONE_GPU));
    assertThat(replies.fishForMessage(PATIENCE, reply -> reply instanceof Refused
        ? FishingOutcomes.complete()
        : FishingOutcomes.continueAndIgnore())).isNotEmpty();
  }

  @Test void a_gpu_that_is_added_later_is_given_to_jobs() throws Exception {
    var machine = watching(new GpuWatch.Later(Optional.of(new GpuSearch(List.of(), Duration.ofSeconds(2))), 9));
    machine.tell(run(deal(1), ONE_GPU));
    machine.tell(run(deal(2), ONE_GPU));
    engine.next();
    engine.next();
    // when
    probe.answers().add(List.of(reading("GPU-a"), reading("GPU-b"), reading("GPU-c")));
    assertThat(nextFleet().gpus()).hasSize(2);
    assertThat(nextFleet().gpus()).hasSize(3);
    // then
    machine.tell(run(deal(3), ONE_GPU));
    assertThat(engine.next().task().grant().gpus()).containsExactly("GPU-c");
  }

  @Test void the_time_in_which_the_gpus_of_a_run_computed_is_in_its_usage() throws Exception {
    var machine = watching(GpuWatch.Later.NEVER);
    machine.tell(run(deal(1), ONE_GPU));
    var execution = engine.next();
    for (int i = 0; i < 3; i++) {
      now = NOON.plusSeconds(10L * i);
      probe.answers().add(List.of(reading("GPU-a"), reading("GPU-b")));
      assertThat(nextFleet().gpus()).hasSize(2);
    }
    execution.end(new Exited(0));
    assertThat(awaitEvent(Finished.class).ended().usage().gpu())
        .isEqualTo(Execution.GpuUse.of(Duration.ofSeconds(10), 1));
  }

  @Test void what_a_gpu_does_not_say_of_itself_is_not_taken_for_idle() {
    var silent = GpuFleet.of("test", List.of(reading("GPU-a"), GpuReading.well(reading("GPU-b").gpu(),
        GpuReading.Load.UNKNOWN)));
    var later = NOON.plusSeconds(10);
    var both = GpuMeter.of(List.of("GPU-a", "GPU-b"));
    assertThat(both.seen(silent, NOON).seen(silent, later).use()).isEqualTo(Execution.GpuUse.NONE);
    var one = GpuMeter.of(List.of("GPU-a"));
    assertThat(one.seen(silent, NOON).seen(silent, later).use())
        .isEqualTo(Execution.GpuUse.of(Duration.ofSeconds(5), 1));
    var idle = GpuFleet.of("test", List.of(GpuReading.well(reading("GPU-a").gpu(), new GpuReading.Load(0, 0))));
    assertThat(one.seen(idle, NOON).seen(idle, later).use()).isEqualTo(Execution.GpuUse.of(Duration.ZERO, 0));
  }

  /// Lets seconds pass until the watch, which begins in its own time, has told a fleet.
  private GpuFleet nextFleet() throws InterruptedException {
    for (int i = 0; i < 24; i++) {
      time.timePasses(Duration.ofSeconds(1));
      var fleet = told.poll(5, TimeUnit.SECONDS);
      if (fleet != null) {
        return fleet;
      }
    }
    throw new IllegalStateException("no fleet was told");
  }

  private ActorRef<Command> watching(GpuWatch.Later later) {
    var fleet = GpuFleet.of("test", List.of(reading("GPU-a"), reading("GPU-b")));
    return kit.spawn(GpuExecutor.create(new Setting(Map.of(Engine.WASM, engine), INVENTORY,
        _ -> RetryPolicy.of(new Random(1)), () -> now,
        new GpuExecutor.Gpus(new GpuProbes.Found(List.of(probe), fleet, Map.of()), later, told::add))));
  }

  private static GpuReading reading(String uuid) {
    return GpuReading.well(new Gpu(uuid, uuid, Gpu.Vendor.NVIDIA, "NVIDIA H100", 24_000, ""),
        new GpuReading.Load(50, 1));
  }

  /// A probe that sees what a test says.
  private record LookingProbe(BlockingQueue<List<GpuReading>> answers) implements GpuProbe {
    @Override public String name() {
      return "test";
    }

    @Override public Duration period() {
      return Duration.ofSeconds(1);
    }

    @Override public Duration patience() {
      return Duration.ofMinutes(1);
    }

    @Override public List<GpuReading> read() throws InterruptedException {
      return answers.take();
    }
  }
}
