package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.List;
import network.lilypad.executor.process.Program;
import network.lilypad.executor.process.ProgramException;

/// A vendor's command-line tool, run within bounds: of time, because a wedged driver hangs its tools, and of output.
///
/// @param program its name on the path, or its file
/// @param patience the longest a run may take
record Tool(String program, Duration patience) {
  /// A machine with hundreds of slices says less than that.
  static final int OUTPUT_BYTES_MAX = 1 << 20;

  /// What it prints; bytes that are no UTF-8 are replaced.
  ///
  /// @throws GpuUnavailableException if it is not there, hangs, fails or says too much
  String run(String... arguments) throws InterruptedException {
    try {
      return new Program(program, patience, OUTPUT_BYTES_MAX).run("", List.of(arguments));
    } catch (ProgramException e) {
      throw new GpuUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }
}
