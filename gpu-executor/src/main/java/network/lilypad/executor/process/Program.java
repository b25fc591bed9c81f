package network.lilypad.executor.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// A command-line program, run within bounds: of time, because what it asks may hang, and of output.
///
/// @param name its name on the path, or its file
/// @param patience the longest a run may take
/// @param outputBytesMax the most it may print
public record Program(String name, Duration patience, int outputBytesMax) {
  /// How the JDK says ENOENT, in its older and newer words.
  private static final Pattern NO_SUCH_FILE = Pattern.compile("error[=:] ?2\\b");
  /// How long a program that has ended has to let go of its output: on a busy machine its reader waits for a processor.
  private static final Duration LET_GO = Duration.ofSeconds(5);

  /// What it prints; bytes that are no UTF-8 are replaced. Its errors go nowhere.
  ///
  /// @param input what it reads, at most some KiB: it is handed over before anything is read of it
  /// @throws ProgramException if it is not there, hangs, fails or says too much
  /// @throws InterruptedException if the caller is interrupted; the program is killed
  public String run(String input, List<String> arguments) throws ProgramException, InterruptedException {
    var process = start(arguments);
    try (var output = process.getInputStream()) {
      var text = new CompletableFuture<byte[]>();
      // a virtual thread would wait for whoever computes on all carriers
      Thread.ofPlatform().daemon().name("program-output").start(() -> read(process, output, text));
      hand(process, input);
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ProgramException(name + " hangs: no answer within " + patience.toMillis() + " ms");
      }
      var bytes = text.get(LET_GO.toMillis(), TimeUnit.MILLISECONDS);
      return checked(process.exitValue(), bytes);
    } catch (ProgramException told) {
      throw told;
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new ProgramException(name + " cannot be read: " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(List<String> arguments) throws ProgramException {
    var command = new ArrayList<>(List.of(name));
    command.addAll(arguments);
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("LC_ALL", "C");
      return builder.start();
    } catch (IOException e) {
      boolean missing = NO_SUCH_FILE.matcher(String.valueOf(e.getMessage())).find();
      throw new ProgramException(name + " does not run: " + (missing ? "not found" : e.getMessage()), e);
    }
  }

  /// A program may end without reading.
  private static void hand(Process process, String input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // what it answers tells
    }
  }

  /// One that has said too much would wait for ever for somebody to read on.
  private void read(Process process, InputStream output, CompletableFuture<byte[]> text) {
    try {
      var bytes = output.readNBytes(outputBytesMax + 1);
      text.complete(bytes);
      if (bytes.length > outputBytesMax) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      text.completeExceptionally(e);
    }
  }

  private String checked(int exitCode, byte[] bytes) throws ProgramException {
    if (bytes.length > outputBytesMax) {
      throw new ProgramException(name + " said more than " + outputBytesMax + " bytes");
    }
    if (exitCode != 0) {
      throw new ProgramException(name + " failed with exit code " + exitCode + ": " + firstLine(bytes));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String firstLine(byte[] bytes) {
    var text = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.UTF_8).strip();
    return text.lines().findFirst().orElse("it said nothing");
  }
}
