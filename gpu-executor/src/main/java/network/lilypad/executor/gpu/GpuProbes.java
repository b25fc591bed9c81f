package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.gpu.Gpu.Vendor;

/// Finds the ways to ask about the GPUs of this machine: for each vendor the first that answers and sees one.
public final class GpuProbes {
  /// A tool starts a process and asks the driver anew, which costs a tenth of a second of a core.
  static final Duration TOOL_PERIOD = Duration.ofSeconds(5);
  /// NVIDIA's tool takes some seconds when nothing keeps the driver loaded.
  private static final Duration TOOL_PATIENCE = Duration.ofSeconds(10);
  /// A card that was plugged in or a driver that was loaded has waited for hours; a look costs some processes.
  private static final Duration SEARCH_PERIOD = Duration.ofMinutes(1);

  /// Nothing was found.
  public static final Found NONE = new Found(List.of(), GpuFleet.EMPTY, Map.of());

  private GpuProbes() {}

  /// What was found.
  ///
  /// @param probes those to be asked from now on
  /// @param fleet the GPUs that they see
  /// @param tried every probe that was asked, with what it said
  public record Found(List<GpuProbe> probes, GpuFleet fleet, Map<String, String> tried) {
    /// Keeps copies.
    public Found {
      probes = List.copyOf(probes);
    }
  }

  /// What is asked on this machine: nothing is, until the first look.
  public static GpuSearch search() {
    var files = GpuFiles.MACHINE;
    var drm = files.drm();
    return new GpuSearch(List.of(
        List.of(() -> NvmlProbe.of(NativeLibrary.open(NvmlProbe.LIBRARY)),
            () -> new NvidiaSmiProbe(tool("nvidia-smi"))),
        List.of(() -> new HandoverProbe(new AmdProbe(tool("rocm-smi"), tool("amd-smi")), files),
            () -> new HandoverProbe(new DrmProbe(drm, Vendor.AMD), files)),
        List.of(() -> new HandoverProbe(new IntelProbe(tool("xpu-smi")), files),
            () -> new HandoverProbe(new DrmProbe(drm, Vendor.INTEL), files))),
        SEARCH_PERIOD);
  }

  /// Asks all that could be here. Blocks for a quarter of a minute at most, for milliseconds where there is no GPU.
  ///
  /// @throws InterruptedException if the caller is interrupted
  public static Found detect() throws InterruptedException {
    return search().look();
  }

  private static Tool tool(String program) {
    return new Tool(program, TOOL_PATIENCE);
  }
}
