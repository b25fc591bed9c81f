package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A probe whose GPUs are only those that can be handed to a container: to sell another would fail every deal.
///
/// @param probe sees them
/// @param files are looked for
/// @param missing why GPUs were left out at the last look, by UUID
record HandoverProbe(GpuProbe probe, GpuFiles files, TreeMap<String, String> missing) implements GpuProbe {
  HandoverProbe(GpuProbe probe, GpuFiles files) {
    this(probe, files, new TreeMap<>());
  }

  @Override public String name() {
    return probe.name();
  }

  @Override public Duration period() {
    return probe.period();
  }

  @Override public Duration patience() {
    return probe.patience();
  }

  @Override public List<GpuReading> read() throws InterruptedException {
    missing.clear();
    var handed = new ArrayList<GpuReading>();
    for (var reading : probe.read()) {
      files.obstacle(reading.gpu()).ifPresentOrElse(why -> missing.put(reading.gpu().uuid(), why),
          () -> handed.add(reading));
    }
    return List.copyOf(handed);
  }

  @Override public String leftOut() {
    return missing.entrySet().stream().map(gpu -> gpu.getKey() + ": " + gpu.getValue())
        .collect(Collectors.joining("; "));
  }
}
