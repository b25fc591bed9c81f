package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.Resources;

/// What a machine can sell at any time: what was found in it, less the GPUs that are out of order, and nothing new
/// while its owner drains it; on which terms, and how fast it is. Thread-safe.
///
/// The owner's order to drain is a file in the agent's directory: it reaches a running agent within a beat, with or
/// without a gateway, and holds over restarts until it is taken back.
final class Standing {
  private static final String ORDER = "draining";

  private final AgentConfig config;
  private final JobEngine engine;
  private final LongSupplier clock;
  private final DiskRoom disk;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicReference<List<MachineSpeed>> speed = new AtomicReference<>(List.of());
  private final AtomicReference<Found> found = new AtomicReference<>(new Found(Resources.NONE, List.of(), List.of()));

  /// What an offer is about.
  private record Found(Resources all, List<Gpu> gpus, List<Engine> engines) {}

  /// What the market is told.
  ///
  /// @param inventory what can be sold
  /// @param draining whether nothing new is wanted
  /// @param limits what its owner lets run
  /// @param speed how fast it is; empty: not measured
  record Told(Resources inventory, boolean draining, MachineLimits limits, List<MachineSpeed> speed) {}

  /// @param clock ledger seconds
  Standing(AgentConfig config, JobEngine engine, LongSupplier clock) {
    this.config = config;
    this.engine = engine;
    this.clock = clock;
    this.disk = DiskRoom.of(config.directory(), config.policy().upkeep().diskReserveMib());
  }

  /// The machine was measured.
  void measured(MachineSpeed found) {
    speed.set(List.of(found));
  }

  /// Looks at the machine anew: what the offer is about, GPUs that are out of order included.
  ///
  /// @throws IOException if the disk does not say how full it is
  Resources look() throws IOException {
    var engines = engine.engines();
    var gpus = engine.gpus().gpus();
    var all = disk.bounded(Inventory.of(config.directory(), engine.memoryMib(), gpus));
    found.set(new Found(all, gpus, engines));
    return all;
  }

  /// Whether the machine has other engines or GPUs than those of the last look: the offer is not about them.
  boolean outgrown() {
    return !engine.engines().equals(found.get().engines) || !engine.gpus().gpus().equals(found.get().gpus);
  }

  /// What can be sold now of what was found.
  Told now() {
    var was = found.get();
    var here = engine.gpus();
    var fit = was.gpus.stream()
        .filter(gpu -> here.gpus().contains(gpu) && !here.fenced().containsKey(gpu.uuid())).count();
    var all = was.all;
    return new Told(new Resources(all.milliCpu(), Math.toIntExact(fit), all.gpuModel(), all.vramMibPerGpu(),
        all.ramMib(), all.diskMib()), draining(), config.policy().limits(), speed());
  }

  /// A measurement by a clock that was wrong and has been set back is not told: no gateway would take it.
  private List<MachineSpeed> speed() {
    long now = clock.getAsLong();
    return speed.get().stream().filter(found -> found.getMeasuredAt() <= now).toList();
  }

  /// What of the disk jobs may still fill.
  DiskRoom disk() {
    return disk;
  }

  boolean draining() {
    return stopping.get() || ordered();
  }

  /// Whether the owner drains it.
  boolean ordered() {
    return ordered(config.directory());
  }

  /// Nothing new from now on: the process is to end.
  void stop() {
    stopping.set(true);
  }

  boolean stopping() {
    return stopping.get();
  }

  static boolean ordered(Path directory) {
    return Files.exists(directory.resolve(ORDER));
  }

  static void order(Path directory, boolean drain) throws IOException {
    if (drain) {
      Durable.write(directory.resolve(ORDER), new byte[0]);
    } else {
      Files.deleteIfExists(directory.resolve(ORDER));
    }
  }
}
