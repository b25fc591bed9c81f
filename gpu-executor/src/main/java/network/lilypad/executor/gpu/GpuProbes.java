package network.lilypad.executor.gpu;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import network.lilypad.executor.gpu.Gpu.Vendor;

/// Finds the ways to ask about the GPUs of this machine: for each vendor the first that answers and sees one.
public final class GpuProbes {
  /// A tool starts a process and asks the driver anew, which costs a tenth of a second of a core.
  static final Duration TOOL_PERIOD = Duration.ofSeconds(5);
  /// NVIDIA's tool takes some seconds when nothing keeps the driver loaded.
  private static final Duration TOOL_PATIENCE = Duration.ofSeconds(10);
  /// The longest that a starting agent waits for all of them together.
  private static final Duration DETECTION_MAX = Duration.ofSeconds(15);

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

  /// Asks all that could be here. Blocks for a quarter of a minute at most, for milliseconds where there is no GPU.
  ///
  /// @throws InterruptedException if the caller is interrupted
  public static Found detect() throws InterruptedException {
    var drm = Path.of("/sys/class/drm");
    return detect(List.of(
        List.of(() -> NvmlProbe.of(NativeLibrary.open(NvmlProbe.LIBRARY)),
            () -> new NvidiaSmiProbe(tool("nvidia-smi"))),
        List.of(() -> new AmdProbe(tool("rocm-smi"), tool("amd-smi")), () -> new DrmProbe(drm, Vendor.AMD)),
        List.of(() -> new IntelProbe(tool("xpu-smi")), () -> new DrmProbe(drm, Vendor.INTEL))));
  }

  private static Tool tool(String program) {
    return new Tool(program, TOOL_PATIENCE);
  }

  /// @param vendors for each vendor its candidates, the best first
  static Found detect(List<List<Supplier<GpuProbe>>> vendors) throws InterruptedException {
    var asked = vendors.stream().map(GpuProbes::ask).toList();
    long end = System.nanoTime() + DETECTION_MAX.toNanos();
    var probes = new ArrayList<GpuProbe>();
    var tried = new LinkedHashMap<String, String>();
    var fleet = GpuFleet.EMPTY;
    for (int i = 0; i < asked.size(); i++) {
      try {
        var found = asked.get(i).get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        probes.addAll(found.probes);
        tried.putAll(found.tried);
        fleet = fleet.and(found.fleet);
      } catch (TimeoutException _) {
        tried.put("vendor " + i, "no answer within " + DETECTION_MAX.toSeconds() + " s");
      } catch (ExecutionException e) {
        throw new IllegalStateException("a probe failed by a bug", e);
      }
    }
    return new Found(probes, fleet, tried);
  }

  private static CompletableFuture<Found> ask(List<Supplier<GpuProbe>> candidates) {
    var found = new CompletableFuture<Found>();
    Thread.ofPlatform().daemon().name("gpu-detection").start(() -> {
      try {
        found.complete(first(candidates));
      } catch (InterruptedException | RuntimeException | Error e) {
        found.completeExceptionally(e);
      }
    });
    return found;
  }

  private static Found first(List<Supplier<GpuProbe>> candidates) throws InterruptedException {
    var tried = new LinkedHashMap<String, String>();
    for (int i = 0; i < candidates.size(); i++) {
      var name = "candidate " + i;
      try {
        var probe = candidates.get(i).get();
        name = probe.name();
        var readings = probe.read();
        tried.put(name, readings.size() + " GPUs");
        if (!readings.isEmpty()) {
          return new Found(List.of(probe), GpuFleet.of(name, readings), tried);
        }
      } catch (GpuUnavailableException e) {
        tried.put(name, String.valueOf(e.getMessage()));
      }
    }
    return new Found(List.of(), GpuFleet.EMPTY, tried);
  }
}
