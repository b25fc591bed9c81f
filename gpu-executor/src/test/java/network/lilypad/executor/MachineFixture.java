package network.lilypad.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import network.lilypad.executor.GpuExecutor.Command;
import network.lilypad.executor.GpuExecutor.Event;
import network.lilypad.executor.GpuExecutor.GetStatus;
import network.lilypad.executor.GpuExecutor.Reply;
import network.lilypad.executor.GpuExecutor.Run;
import network.lilypad.executor.GpuExecutor.Setting;
import network.lilypad.executor.GpuExecutor.Status;
import network.lilypad.executor.Task.Grant;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A machine with two GPUs, a scripted engine and a clock that a test moves.
abstract class MachineFixture {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final Duration PATIENCE = Duration.ofMinutes(2);
  /// How long nothing must happen: an actor that is wrong is so within milliseconds, unless its machine is busy.
  static final Duration QUIET = Duration.ofMillis(200);
  static final Duration LEASE = Duration.ofHours(1);
  static final JobId JOB = new JobId(new Bytes32(7, 7, 7, 7));
  static final Resources ONE_GPU = new Resources(2000, 1, Bytes32.ZERO, 24_000, 1024, 100);
  static final MachineId MACHINE = new MachineId(Address.ZERO, new Bytes32(1, 1, 1, 1));
  static final Inventory INVENTORY = new Inventory(MACHINE,
      new Resources(8000, 2, Bytes32.ZERO, 24_000, 4096, 1000), List.of("GPU-a", "GPU-b"));

  final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  final ManualTime time = ManualTime.get(kit.system());
  final ScriptedExecutor engine = new ScriptedExecutor();
  final TestProbe<Event> events = kit.createTestProbe();
  final TestProbe<Reply> replies = kit.createTestProbe();
  final TestProbe<Status> statuses = kit.createTestProbe();
  Instant now = NOON;

  @TempDir
  Path home;

  @AfterEach void shutDown() {
    kit.shutdownTestKit();
  }

  /// The next event of a kind, whatever comes before it.
  <E extends Event> E awaitEvent(Class<E> kind) {
    var seen = events.fishForMessage(PATIENCE,
        event -> kind.isInstance(event) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    return kind.cast(seen.getLast());
  }

  ActorRef<Command> machine() {
    return machine(RetryPolicy.of(new Random(1)), () -> now);
  }

  ActorRef<Command> machine(RetryPolicy retry, InstantSource clock) {
    return kit.spawn(GpuExecutor.create(new Setting(Map.of(Engine.WASM, engine), INVENTORY, retry, clock)));
  }

  Status status(ActorRef<Command> machine) {
    machine.tell(new GetStatus(statuses.ref()));
    return statuses.receiveMessage();
  }

  Run run(DealId deal, Resources resources) {
    return new Run(task(deal, resources), lease(deal), events.ref(), replies.ref());
  }

  Task task(DealId deal, Resources resources) {
    var spec = new JobSpec("guest", "", Engine.WASM, Bytes32.ZERO, "", List.of(), new TreeMap<>(), new TreeMap<>());
    var grant = new Grant(resources, Duration.ofMinutes(1), OutputLimits.of(10), List.of(), NetworkPolicy.NONE);
    return new Task(deal, spec, grant, new RunDirectory(home));
  }

  static DealId deal(int attempt) {
    return DealId.of(JOB, attempt);
  }

  static Lease lease(DealId deal) {
    int attempt = 1;
    while (!deal(attempt).equals(deal)) {
      attempt++;
    }
    return new Lease(JOB, attempt, Address.ZERO, Bytes32.ZERO, 1, Lp.of(1), Lp.of(1), 15,
        NOON.plusSeconds(60).getEpochSecond(), NOON.plus(LEASE).getEpochSecond(), Bytes32.ZERO);
  }
}
