package network.lilypad.executor.gpu;

import static network.lilypad.executor.Eventually.eventually;
import static network.lilypad.executor.gpu.GpuFleetTest.gpu;
import static network.lilypad.executor.gpu.GpuFleetTest.well;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Looking again and again, at a driver that answers, fails or hangs.
final class GpuWatchTest {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  /// How long nothing must happen: an actor that is wrong is so within milliseconds, unless its machine is busy.
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final Duration SEARCH = Duration.ofSeconds(2);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<GpuFleet> fleets = kit.createTestProbe();
  private final Scripted probe = new Scripted(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());

  /// A probe that is asked, and answers when the test says what.
  record Scripted(BlockingQueue<String> asked, BlockingQueue<Supplier<List<GpuReading>>> answers) implements GpuProbe {
    @Override public String name() {
      return "nvml";
    }

    @Override public Duration period() {
      return PERIOD;
    }

    @Override public Duration patience() {
      return PATIENCE;
    }

    @Override public List<GpuReading> read() throws InterruptedException {
      asked.add(name());
      return answers.take().get();
    }

    void awaitAsked() throws InterruptedException {
      assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo("nvml");
    }
  }

  @AfterEach void shutDown() {
    kit.shutdownTestKit();
  }

  private void watch(GpuWatch.Later later) throws InterruptedException {
    var fleet = GpuFleet.of("nvml", List.of(well(gpu("GPU-a")), well(gpu("GPU-b"))));
    watch(new GpuProbes.Found(List.of(probe), fleet, Map.of()), later);
  }

  /// Time must not pass before the watch has set its timers.
  private void watch(GpuProbes.Found found, GpuWatch.Later later) throws InterruptedException {
    var begun = new CountDownLatch(1);
    kit.spawn(Behaviors.intercept(() -> new BehaviorInterceptor<>(GpuWatch.Message.class) {
      @Override public Behavior<GpuWatch.Message> aroundStart(TypedActorContext<GpuWatch.Message> context,
          PreStartTarget<GpuWatch.Message> target) {
        var watch = target.start(context);
        begun.countDown();
        return watch;
      }

      @Override public Behavior<GpuWatch.Message> aroundReceive(TypedActorContext<GpuWatch.Message> context,
          GpuWatch.Message message, ReceiveTarget<GpuWatch.Message> target) {
        return target.apply(context, message);
      }
    }, GpuWatch.create(found, later, fleets.ref())));
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void look() throws InterruptedException {
    time.timePasses(PERIOD);
    probe.awaitAsked();
  }

  @Test void a_lost_gpu_is_told_after_the_next_look() throws Exception {
    watch(GpuWatch.Later.NEVER);
    look();
    probe.answers().add(() -> List.of(well(gpu("GPU-b"))));
    assertThat(fleets.receiveMessage().fenced()).isEqualTo(Map.of("GPU-a", "it is lost"));
  }

  @Test void a_probe_that_fails_fences_its_gpus_and_is_asked_again() throws Exception {
    watch(GpuWatch.Later.NEVER);
    look();
    probe.answers().add(() -> {
      throw new GpuUnavailableException("no driver");
    });
    assertThat(fleets.receiveMessage().fenced()).containsOnlyKeys("GPU-a", "GPU-b").containsValue("no driver");
    look();
    probe.answers().add(() -> List.of(well(gpu("GPU-a")), well(gpu("GPU-b"))));
    assertThat(fleets.receiveMessage().fenced()).hasSize(2);
  }

  @Test void a_probe_that_hangs_fences_its_gpus_in_time_and_is_not_asked_while_it_hangs() throws Exception {
    watch(GpuWatch.Later.NEVER);
    look();
    time.timePasses(PATIENCE.minusMillis(1));
    fleets.expectNoMessage(QUIET);
    time.timePasses(Duration.ofMillis(1));
    assertThat(fleets.receiveMessage().fenced()).containsOnlyKeys("GPU-a", "GPU-b")
        .containsValue("nvml does not answer within 3 s");
    time.timePasses(PATIENCE.multipliedBy(10));
    fleets.expectNoMessage(QUIET);
    assertThat(probe.asked()).isEmpty();
  }

  @Test void what_comes_too_late_is_not_believed_but_the_next_look_is() throws Exception {
    watch(GpuWatch.Later.NEVER);
    look();
    time.timePasses(PATIENCE);
    assertThat(fleets.receiveMessage().fenced()).hasSize(2);
    probe.answers().add(() -> List.of(well(gpu("GPU-a")), well(gpu("GPU-b"))));
    fleets.expectNoMessage(QUIET);
    for (int i = 0; i < GpuFleet.GOOD_LOOKS; i++) {
      look();
      probe.answers().add(() -> List.of(well(gpu("GPU-a")), well(gpu("GPU-b"))));
      assertThat(fleets.receiveMessage().fenced()).hasSize(i + 1 < GpuFleet.GOOD_LOOKS ? 2 : 0);
    }
  }

  @Test void detection_takes_the_first_candidate_of_each_vendor_that_sees_a_gpu() throws Exception {
    probe.answers().add(() -> List.of(well(gpu("GPU-a"))));
    Supplier<GpuProbe> missing = () -> {
      throw new GpuUnavailableException("libnvidia-ml.so.1 is not there");
    };
    var found = search(List.of(missing, () -> probe), List.of(missing)).look();
    assertThat(found.probes()).containsExactly(probe);
    assertThat(found.fleet().gpus()).containsExactly(gpu("GPU-a"));
    assertThat(found.tried()).containsEntry("nvml", "1 GPUs").containsEntry("candidate 0",
        "libnvidia-ml.so.1 is not there");
  }

  @SafeVarargs private static GpuSearch search(List<Supplier<GpuProbe>>... vendors) {
    return new GpuSearch(List.of(vendors), SEARCH);
  }

  private static GpuWatch.Later later(GpuSearch search, int max) {
    return new GpuWatch.Later(Optional.of(search), max);
  }

  @Test void a_gpu_that_a_probe_sees_later_joins_at_the_next_search_and_within_the_owner_s_share() throws Exception {
    watch(later(search(), 3));
    look();
    probe.answers().add(() -> List.of(well(gpu("GPU-a")), well(gpu("GPU-b")), well(gpu("GPU-c")), well(gpu("GPU-d"))));
    assertThat(fleets.receiveMessage().gpus()).hasSize(2);
    // when
    time.timePasses(SEARCH.minus(PERIOD));
    // then
    var grown = fleets.receiveMessage();
    assertThat(grown.gpus()).extracting(Gpu::uuid).containsExactly("GPU-a", "GPU-b", "GPU-c");
    assertThat(grown.fenced()).isEmpty();
  }

  @Test void a_driver_that_is_loaded_later_is_found_by_the_search_and_looked_at_from_then_on() throws Exception {
    var loaded = new java.util.concurrent.atomic.AtomicBoolean();
    var search = search(List.of(() -> {
      if (!loaded.get()) {
        throw new GpuUnavailableException("no driver");
      }
      return probe;
    }));
    assertThat(search.look().fleet().gpus()).isEmpty();
    watch(GpuProbes.NONE, later(search, 9));
    time.timePasses(SEARCH);
    fleets.expectNoMessage(QUIET);
    // when
    loaded.set(true);
    probe.answers().add(() -> List.of(well(gpu("GPU-a"))));
    eventually(() -> {
      time.timePasses(SEARCH);
      return probe.asked();
    }, asked -> !asked.isEmpty());
    var found = fleets.receiveMessage();
    // then
    assertThat(found.gpus()).extracting(Gpu::uuid).containsExactly("GPU-a");
    probe.awaitAsked();
    time.timePasses(PERIOD);
    probe.awaitAsked();
    probe.answers().add(List::of);
    assertThat(fleets.receiveMessage().fenced()).containsOnlyKeys("GPU-a");
  }

  @Test void a_vendor_whose_driver_hangs_is_not_asked_a_second_time() throws Exception {
    // given
    var search = new GpuSearch(List.of(List.of(() -> probe)), SEARCH);
    Thread looker = Thread.ofVirtual().start(() -> {
      try {
        search.look();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
    probe.awaitAsked();
    looker.interrupt();
    looker.join();
    // when
    var again = new FutureTask<>(search::look);
    Thread.ofVirtual().start(again);
    probe.answers().add(() -> List.of(well(gpu("GPU-a"))));
    // then
    assertThat(again.get().fleet().gpus()).hasSize(1);
    assertThat(probe.asked()).isEmpty();
    assertThat(search.look().fleet().gpus()).isEmpty();
  }

  @Test void detection_on_this_machine_answers_and_what_it_finds_can_be_sold() throws Exception {
    var found = GpuProbes.detect();
    assertThat(found.tried()).isNotEmpty();
    assertThat(found.fleet().gpus()).allSatisfy(gpu -> assertThat(gpu.vramMib()).isPositive());
  }
}
