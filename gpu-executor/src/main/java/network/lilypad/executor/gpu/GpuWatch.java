package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// The actor that looks at the machine's GPUs again and again and tells its listener the fleet after every look.
///
/// Each probe is asked on a thread of its own, because one that hangs in its driver comes back late or never: it is
/// then not asked again until it does, so a wedged driver holds one thread for each probe and no more.
public final class GpuWatch extends AbstractBehavior<GpuWatch.Message> {
  /// What the watch tells itself.
  public sealed interface Message {}

  private record Look(int probe) implements Message {}

  private record Seen(int probe, long look, List<GpuReading> readings) implements Message {}

  private record Failed(int probe, long look, String why) implements Message {}

  private record TooLate(int probe, long look) implements Message {}

  private record SearchAgain() implements Message {}

  private record Found(GpuProbes.Found more) implements Message {}

  private final TimerScheduler<Message> timers;
  private final Later later;
  private final ActorRef<GpuFleet> listener;
  private final List<GpuProbe> probes = new ArrayList<>();
  private final List<Long> looks = new ArrayList<>();
  private final Map<Integer, List<GpuReading>> seen = new HashMap<>();
  private GpuFleet fleet;

  /// How GPUs that appear later are found.
  ///
  /// @param search asked again and again; empty: never
  /// @param max GPUs together
  public record Later(Optional<GpuSearch> search, int max) {
    /// What is there at the start is all.
    public static final Later NEVER = new Later(Optional.empty(), Integer.MAX_VALUE);
  }

  private GpuWatch(ActorContext<Message> context, TimerScheduler<Message> timers, GpuProbes.Found found, Later later,
      ActorRef<GpuFleet> listener) {
    super(context);
    this.timers = timers;
    this.later = later;
    this.fleet = found.fleet();
    this.listener = listener;
    watch(found.probes());
    searchAgain();
  }

  private void watch(List<GpuProbe> more) {
    for (var probe : more) {
      probes.add(probe);
      looks.add(0L);
      lookAgain(probes.size() - 1);
    }
  }

  /// The watch of a machine.
  ///
  /// @param found what was found at the start
  /// @param later how more are found
  /// @param listener told after every look
  public static Behavior<Message> create(GpuProbes.Found found, Later later, ActorRef<GpuFleet> listener) {
    return Behaviors.supervise(Behaviors.<Message>setup(context -> Behaviors.withTimers(
        timers -> new GpuWatch(context, timers, found, later, listener)))).onFailure(SupervisorStrategy.resume());
  }

  @Override public Receive<Message> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Message> on(Message message) {
    switch (message) {
      case Look(var probe) -> look(probe);
      case Seen(var probe, var look, var readings) when look == looks.get(probe) -> {
        seen.put(probe, readings);
        answered(probe, fleet.seen(probes.get(probe).name(), readings));
      }
      case Failed(var probe, var look, var why) when look == looks.get(probe) -> {
        answered(probe, fleet.silent(probes.get(probe).name(), why));
      }
      case TooLate(var probe, var look) when look == looks.get(probe) -> tooLate(probe);
      // it has come back after it was given up: what it said is old
      case Seen(var probe, _, _) -> lookAgain(probe);
      case Failed(var probe, _, _) -> lookAgain(probe);
      case TooLate _ -> {}
      case SearchAgain _ -> search();
      case Found(var more) -> found(more);
    }
    return this;
  }

  private void look(int index) {
    var probe = probes.get(index);
    long look = looks.get(index) + 1;
    looks.set(index, look);
    timers.startSingleTimer("late-" + index, new TooLate(index, look), probe.patience());
    getContext().pipeToSelf(onThread(probe), (readings, failure) -> failure == null
        ? new Seen(index, look, readings)
        : new Failed(index, look, String.valueOf(failure.getMessage())));
  }

  /// A call into a driver may pin its carrier for ever, so it gets a thread of the system's.
  private static CompletionStage<List<GpuReading>> onThread(GpuProbe probe) {
    var readings = new CompletableFuture<List<GpuReading>>();
    Thread.ofPlatform().daemon().name("gpu-" + probe.name()).start(() -> {
      try {
        readings.complete(probe.read());
      } catch (InterruptedException | RuntimeException | Error e) {
        readings.completeExceptionally(e);
      }
    });
    return readings;
  }

  private void answered(int index, GpuFleet next) {
    timers.cancel("late-" + index);
    lookAgain(index);
    tell(next);
  }

  private void tooLate(int index) {
    looks.set(index, looks.get(index) + 1);
    var probe = probes.get(index);
    tell(fleet.silent(probe.name(), probe.name() + " does not answer within " + seconds(probe.patience()) + " s"));
  }

  /// What the probes see beyond what they saw at first is known already; vendors of whom nothing was found are asked
  /// again.
  private void search() {
    var next = fleet;
    for (var entry : seen.entrySet()) {
      next = next.adopt(probes.get(entry.getKey()).name(), entry.getValue(), later.max());
    }
    adopt(next);
    later.search().ifPresent(search -> {
      var found = new CompletableFuture<GpuProbes.Found>();
      Thread.ofVirtual().name("gpu-search").start(() -> {
        try {
          found.complete(search.look());
        } catch (InterruptedException | RuntimeException | Error e) {
          found.completeExceptionally(e);
        }
      });
      getContext().pipeToSelf(found,
          (more, failure) -> new Found(failure == null ? more : GpuProbes.NONE));
    });
  }

  private void found(GpuProbes.Found more) {
    watch(more.probes());
    searchAgain();
    adopt(new GpuFleet(Stream.concat(fleet.members().stream(), more.fleet().members().stream())
        .limit(Math.max(later.max(), fleet.members().size())).toList()));
  }

  private void searchAgain() {
    later.search().ifPresent(search -> timers.startSingleTimer("search", new SearchAgain(), search.period()));
  }

  private void adopt(GpuFleet next) {
    if (!next.gpus().equals(fleet.gpus())) {
      next.gpus().stream().filter(gpu -> !fleet.gpus().contains(gpu)).forEach(
          gpu -> getContext().getLog().info("a GPU is new here: {}, {} MiB, {}", gpu.name(), gpu.vramMib(),
              gpu.uuid()));
      tell(next);
    }
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.toSeconds());
  }

  private void lookAgain(int index) {
    timers.startSingleTimer("look-" + index, new Look(index), probes.get(index).period());
  }

  private void tell(GpuFleet next) {
    next.members().stream().filter(member -> member.fenced() && !fleet.fenced().containsKey(member.gpu().uuid()))
        .forEach(member -> getContext().getLog().warn("GPU {} is fenced: {}", member.gpu().uuid(), member.fault()));
    fleet.fenced().keySet().stream().filter(uuid -> !next.fenced().containsKey(uuid))
        .forEach(uuid -> getContext().getLog().info("GPU {} does well again", uuid));
    fleet = next;
    listener.tell(fleet);
  }
}
