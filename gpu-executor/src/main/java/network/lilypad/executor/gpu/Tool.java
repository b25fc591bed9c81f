package network.lilypad.executor.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A vendor's command-line tool, run within bounds: of time, because a wedged driver hangs its tools, and of output.
///
/// @param program its name on the path, or its file
/// @param patience the longest a run may take
record Tool(String program, Duration patience) {
  /// A machine with hundreds of slices says less than that.
  static final int OUTPUT_BYTES_MAX = 1 << 20;
  /// How long a killed tool has to let go of its output.
  private static final Duration LET_GO = Duration.ofMillis(500);

  /// What it prints; bytes that are no UTF-8 are replaced.
  ///
  /// @throws GpuUnavailableException if it is not there, hangs, fails or says too much
  String run(String... arguments) throws InterruptedException {
    var process = start(arguments);
    try (var output = process.getInputStream()) {
      var text = new CompletableFuture<byte[]>();
      Thread.ofVirtual().name("tool-output").start(() -> read(output, text));
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new GpuUnavailableException(program + " hangs: no answer within " + patience.toMillis() + " ms");
      }
      var bytes = text.get(LET_GO.toMillis(), TimeUnit.MILLISECONDS);
      return checked(process.exitValue(), bytes);
    } catch (IOException | ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new GpuUnavailableException(program + " cannot be read: " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... arguments) {
    var command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("LC_ALL", "C");
      var process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new GpuUnavailableException(program + " does not run: " + e.getMessage(), e);
    }
  }

  private static void read(InputStream output, CompletableFuture<byte[]> text) {
    try {
      text.complete(output.readNBytes(OUTPUT_BYTES_MAX + 1));
    } catch (IOException e) {
      text.completeExceptionally(e);
    }
  }

  private String checked(int exitCode, byte[] bytes) {
    if (exitCode != 0) {
      throw new GpuUnavailableException(program + " failed with exit code " + exitCode + ": " + firstLine(bytes));
    }
    if (bytes.length > OUTPUT_BYTES_MAX) {
      throw new GpuUnavailableException(program + " said more than " + OUTPUT_BYTES_MAX + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String firstLine(byte[] bytes) {
    var text = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.UTF_8).strip();
    return text.lines().findFirst().orElse("it said nothing");
  }
}
