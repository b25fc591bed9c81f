package network.lilypad.executor.wasm;

import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.Defect;

/// What a run's outputs may still take. It counts what is there now; bytes are a file's length, holes included.
final class OutputQuota {
  private final OutputLimits limits;
  private long bytes;
  private int files;

  OutputQuota(OutputLimits limits) {
    this.limits = limits;
  }

  /// Takes (or, below zero, gives back) bytes, before they are written.
  void takeBytes(long delta) {
    if (delta > limits.bytes() - bytes) {
      throw Ending.OverBound.disk(limits.bytes());
    }
    bytes += delta;
    Defect.unless(bytes >= 0, "output bytes: " + bytes + " (expected: >= 0)");
  }

  /// Takes one file or folder.
  void takeFile() {
    if (files >= limits.files()) {
      throw new Ending.OverBound("output files: above " + limits.files());
    }
    files++;
  }

  void giveFile() {
    files--;
    Defect.unless(files >= 0, "output files: " + files + " (expected: >= 0)");
  }

  long bytes() {
    return bytes;
  }
}
