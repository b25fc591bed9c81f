package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.List;

/// Reads what one vendor's driver or tool says of its GPUs in this machine.
///
/// One call at a time. Methods block and may hang with a broken driver: call them from a thread that can be abandoned.
public interface GpuProbe {
  /// What is asked, such as `nvml` or `nvidia-smi`.
  String name();

  /// How often to ask: as often as it costs nothing.
  Duration period();

  /// How long the next answer may take before the GPUs count as wedged.
  Duration patience();

  /// The GPUs that can be used now, in a stable order. One that is lost or cannot be read is missing.
  ///
  /// @throws GpuUnavailableException if nothing can be said of any GPU
  /// @throws InterruptedException if the caller is interrupted
  List<GpuReading> read() throws InterruptedException;

  /// GPUs that were seen by the last [#read] and are not to be used, each with the reason; empty if there is none.
  default String leftOut() {
    return "";
  }
}
