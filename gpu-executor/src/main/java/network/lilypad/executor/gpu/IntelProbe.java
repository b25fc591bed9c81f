package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Intel's GPUs by `xpu-smi`.
///
/// @param tool `xpu-smi`
record IntelProbe(Tool tool) implements GpuProbe {
  /// A chassis holds no more; each is asked about by a run of its own.
  static final int DEVICES_MAX = 16;

  @Override public String name() {
    return "xpu-smi";
  }

  @Override public Duration period() {
    return GpuProbes.TOOL_PERIOD;
  }

  @Override public Duration patience() {
    return tool.patience().multipliedBy(1 + DEVICES_MAX / 4).plusSeconds(1);
  }

  @Override public List<GpuReading> read() throws InterruptedException {
    var readings = new ArrayList<GpuReading>();
    for (long device : IntelTools.devices(tool.run("discovery", "-j")).stream().limit(DEVICES_MAX).toList()) {
      IntelTools.device(tool.run("discovery", "-d", Long.toString(device), "-j")).ifPresent(readings::add);
    }
    return List.copyOf(readings);
  }
}
