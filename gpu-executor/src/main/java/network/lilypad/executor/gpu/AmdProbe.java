package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.List;

/// AMD's GPUs: by `rocm-smi`, which also says how busy they are, else by `amd-smi`.
///
/// @param rocmSmi the older tool
/// @param amdSmi the newer one
record AmdProbe(Tool rocmSmi, Tool amdSmi) implements GpuProbe {
  @Override public String name() {
    return "amd";
  }

  @Override public Duration period() {
    return GpuProbes.TOOL_PERIOD;
  }

  @Override public Duration patience() {
    return rocmSmi.patience().plus(amdSmi.patience()).plusSeconds(1);
  }

  @Override public List<GpuReading> read() throws InterruptedException {
    try {
      return AmdTools.rocmSmi(rocmSmi.run("--showuniqueid", "--showproductname", "--showmeminfo", "vram", "--showuse",
          "--showdriverversion", "--json"));
    } catch (GpuUnavailableException first) {
      try {
        return AmdTools.amdSmi(amdSmi.run("static", "--asic", "--vram", "--driver", "--json"));
      } catch (GpuUnavailableException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }
}
