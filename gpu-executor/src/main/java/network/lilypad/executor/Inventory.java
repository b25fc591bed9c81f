package network.lilypad.executor;

import java.util.List;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Resources;

/// What a machine has to run jobs with.
///
/// @param machine which machine
/// @param capacity all of it, of which jobs get slices
/// @param gpus the UUIDs of its GPUs, as many as the capacity says
public record Inventory(MachineId machine, Resources capacity, List<String> gpus) {
  /// Checks that every GPU has a name.
  ///
  /// @throws IllegalArgumentException if the UUIDs are not as many as the GPUs
  public Inventory {
    gpus = List.copyOf(gpus);
    if (gpus.size() != capacity.gpus()) {
      throw new IllegalArgumentException("gpus: " + gpus.size() + " (expected: " + capacity.gpus() + ")");
    }
  }

  /// The same machine with these GPUs.
  Inventory with(List<Gpu> found) {
    var uuids = found.stream().map(Gpu::uuid).toList();
    return uuids.equals(gpus) ? this
        : new Inventory(machine, new Resources(capacity.milliCpu(), uuids.size(), GpuFleet.model(found),
            GpuFleet.vramMib(found), capacity.ramMib(), capacity.diskMib()), uuids);
  }
}
