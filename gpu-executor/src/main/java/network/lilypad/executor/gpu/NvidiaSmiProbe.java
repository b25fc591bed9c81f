package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.List;

/// NVIDIA's GPUs by its tool: for machines where the library cannot be called.
///
/// @param tool `nvidia-smi`
record NvidiaSmiProbe(Tool tool) implements GpuProbe {
  @Override public String name() {
    return "nvidia-smi";
  }

  @Override public Duration period() {
    return GpuProbes.TOOL_PERIOD;
  }

  @Override public Duration patience() {
    return tool.patience().multipliedBy(2).plusSeconds(1);
  }

  @Override public List<GpuReading> read() throws InterruptedException {
    var csv = tool.run("--query-gpu=" + NvidiaSmi.QUERY, "--format=csv,noheader,nounits");
    return NvidiaSmi.readings(csv, csv.contains("Enabled") ? tool.run("-L") : "");
  }
}
