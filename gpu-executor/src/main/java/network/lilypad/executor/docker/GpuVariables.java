package network.lilypad.executor.docker;

import java.util.List;
import java.util.Set;

/// The variables by which the GPU makers' runtimes are told what to bring into a container. Where such a runtime is the engine's
/// default one, images and jobs could name GPUs that are not theirs: every CUDA image says `all`. So these are ours alone.
///
/// NVIDIA's takes `void` for none; AMD's brings in nothing when its variable is missing, and its GPUs are handed over without
/// it. What a job wants of a driver (`NVIDIA_DRIVER_CAPABILITIES`) is its own affair. Pure.
final class GpuVariables {
  private static final String NVIDIA = "NVIDIA_VISIBLE_DEVICES";
  private static final String AMD = "AMD_VISIBLE_DEVICES";
  /// Those that nobody else may set.
  static final Set<String> NAMES = Set.of(NVIDIA, AMD);

  private GpuVariables() {}

  /// What the engine is told; a name without a value takes the image's variable away.
  ///
  /// @param nvidia UUIDs of the NVIDIA GPUs that the job has
  static List<String> of(List<String> nvidia) {
    return List.of(NVIDIA + "=" + (nvidia.isEmpty() ? "void" : String.join(",", nvidia)), AMD);
  }
}
