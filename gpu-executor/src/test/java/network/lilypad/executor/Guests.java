package network.lilypad.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.Task.Grant;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Sha256;

/// Makes tasks of the guests of `src/test/resources/programs` in one directory.
///
/// @param home the run's directory
/// @param attempt which deal of the job it is for
/// @param kind how an engine's guests are made
public record Guests(Path home, int attempt, Kind kind) {
  private static final JobId JOB = new JobId(new Bytes32(1, 2, 3, 4));

  /// How an engine's guests are made.
  public interface Kind {
    /// What the engine runs; puts the program into the directory where that is the way.
    JobSpec spec(String guest, RunDirectory directory, List<String> arguments, SortedMap<String, String> environment,
        SortedMap<String, String> outputs);
  }

  /// WebAssembly guests.
  public Guests(Path home, int attempt) {
    this(home, attempt,
        (guest, directory, arguments, environment, outputs) -> wasm(program(guest), directory, arguments,
            environment, outputs));
  }

  /// What a guest may take.
  public record Limits(long memoryMib, Duration time, OutputLimits output) {}

  /// The guests of another deal in another directory.
  public Guests in(Path other) {
    return new Guests(other, attempt + 1, kind);
  }

  /// A guest that does as it is told.
  public Task probe(String... arguments) {
    return task("probe", ExecutorContract.limits(), List.of(arguments), Map.of());
  }

  Task flood(String what, OutputLimits output) {
    return task("flood", new Limits(64, Duration.ofMinutes(5), output), List.of(what), Map.of());
  }

  /// A task of a guest.
  public Task task(String guest, Limits limits, List<String> arguments, Map<String, String> environment) {
    return task(guest, limits, arguments, environment, Map.of());
  }

  Task task(String guest, Limits limits, List<String> arguments, Map<String, String> environment,
      Map<String, String> outputs) {
    return task(kind.spec(guest, new RunDirectory(home), arguments, sorted(environment), sorted(outputs)), limits);
  }

  /// A task of any module.
  public Task task(byte[] module, Limits limits, List<String> arguments, SortedMap<String, String> environment,
      SortedMap<String, String> outputs) {
    return task(wasm(module, new RunDirectory(home), arguments, environment, outputs), limits);
  }

  private static JobSpec wasm(byte[] module, RunDirectory directory, List<String> arguments,
      SortedMap<String, String> environment, SortedMap<String, String> outputs) {
    write(directory.program(), module);
    return new JobSpec("guest", "", Engine.WASM, Sha256.hash(module), "", arguments, environment, outputs);
  }

  /// A task of any spec.
  public Task task(JobSpec spec, Limits limits) {
    var directory = new RunDirectory(home);
    var resources = Resources.cpu(1000, limits.memoryMib(), limits.output().bytes() >> 20);
    var grant = new Grant(resources, limits.time(), limits.output(), List.of(), NetworkPolicy.NONE);
    return new Task(DealId.of(JOB, attempt), spec, grant, directory);
  }

  private static SortedMap<String, String> sorted(Map<String, String> map) {
    return new TreeMap<>(map);
  }

  static byte[] program(String guest) {
    return resource("/programs/" + guest + ".wasm");
  }

  static byte[] resource(String name) {
    try (var stream = Objects.requireNonNull(Guests.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
