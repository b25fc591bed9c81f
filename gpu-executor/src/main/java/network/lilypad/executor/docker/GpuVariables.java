package network.lilypad.executor.docker;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The variables by which the GPU makers' runtimes are told what to bring into a container. Where such a runtime is the
/// engine's default one, images and jobs could name GPUs that are not theirs: every CUDA image says `all`. So these are
/// ours alone.
///
/// NVIDIA's takes `void` for none; AMD's brings in nothing when its variable is missing, and its GPUs are handed over
/// without it. NVIDIA's further variables bring in network cards, switches, storage and the right to divide GPUs, none
/// of which is ever rented, so they are taken away. What a job wants of a driver (`NVIDIA_DRIVER_CAPABILITIES`) is its
/// own affair. Pure.
final class GpuVariables {
  private static final String NVIDIA = "NVIDIA_VISIBLE_DEVICES";
  private static final String AMD = "AMD_VISIBLE_DEVICES";
  private static final List<String> AWAY = List.of(AMD, "NVIDIA_MOFED", "NVIDIA_GDS", "NVIDIA_GDRCOPY",
      "NVIDIA_NVSWITCH",
      "NVIDIA_IMEX_CHANNELS", "NVIDIA_MIG_CONFIG_DEVICES", "NVIDIA_MIG_MONITOR_DEVICES");
  /// Those that nobody else may set.
  static final Set<String> NAMES = Stream.concat(Stream.of(NVIDIA), AWAY.stream())
      .collect(Collectors.toUnmodifiableSet());

  private GpuVariables() {}

  /// What the engine is told; a name without a value takes the image's variable away.
  ///
  /// @param nvidia UUIDs of the NVIDIA GPUs that the job has
  static List<String> of(List<String> nvidia) {
    return Stream
        .concat(Stream.of(NVIDIA + "=" + (nvidia.isEmpty() ? "void" : String.join(",", nvidia))), AWAY.stream())
        .toList();
  }
}
