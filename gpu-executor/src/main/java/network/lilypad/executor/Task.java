package network.lilypad.executor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;

/// One run of one job: what to run, within which bounds, and where.
///
/// @param deal the deal it is for; a container is labelled with it
/// @param spec program, arguments, environment and declared outputs
/// @param grant what it may use
/// @param directory where its files are
public record Task(DealId deal, JobSpec spec, Grant grant, RunDirectory directory) {
  /// Where a job finds its inputs.
  public static final String INPUTS = "/inputs";
  /// The most bytes of entrypoint, arguments and variables together: what Linux takes by default is more.
  public static final int INVOCATION_BYTES_MAX = 128 * 1024;
  /// The largest WebAssembly module, anywhere: interpreters of whole languages fit.
  public static final long PROGRAM_BYTES_MAX = 64L << 20;

  /// Where the kernel or the job's inputs are: nothing can be put there.
  private static final List<String> TAKEN = List.of(INPUTS, "/proc", "/sys", "/dev");
  private static final Pattern VARIABLE = Pattern.compile("[^=\\x00]+");
  private static final Pattern OUTPUT_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
  private static final Pattern OUTPUT_PATH = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]{0,63}){1,8}");

  /// Checks what the job's creator chose.
  ///
  /// @throws IllegalArgumentException as [#requireRunnable]
  public Task {
    requireRunnable(spec);
  }

  /// Checks what a job's creator chose: every machine will.
  ///
  /// @throws IllegalArgumentException if entrypoint, arguments and variables are too long, a variable's name is none
  ///     that a program can have, or an output's name is no plain file
  ///     name, its path not absolute and plain, taken by another output, or in a folder of the inputs or the kernel
  public static void requireRunnable(JobSpec spec) {
    var invocation = Stream.concat(Stream.concat(spec.entrypoint().stream(), spec.arguments().stream()),
        spec.environment().entrySet().stream().flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())));
    long bytes = invocation.mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length + 1L).sum();
    check(bytes <= INVOCATION_BYTES_MAX, "invocation bytes", bytes, "at most " + INVOCATION_BYTES_MAX);
    spec.environment().keySet().forEach(name -> check(VARIABLE.matcher(name).matches(), "variable name", name,
        "not empty, neither = nor NUL in it"));
    var paths = new HashSet<String>();
    spec.outputs().forEach((name, path) -> {
      check(OUTPUT_NAME.matcher(name).matches(), "output name", name, "a plain file name");
      check(OUTPUT_PATH.matcher(path).matches() && paths.add(path), "output path", path,
          "an absolute path of its own");
      check(TAKEN.stream().noneMatch(folder -> (path + "/").startsWith(folder + "/")), "output path", path,
          "none in " + String.join(", ", TAKEN));
    });
  }

  private static void check(boolean holds, String subject, Object value, String expectation) {
    if (!holds) {
      throw new InvalidValueException(subject, value.toString(), expectation);
    }
  }

  /// What a job has been sold.
  ///
  /// @param resources its slice of the machine; disk bounds its outputs
  /// @param time the longest it may run, getting ready included
  /// @param output bounds of what it writes
  /// @param gpus UUIDs of the GPUs it gets; [GpuExecutor] chooses them
  /// @param network what it may reach
  public record Grant(Resources resources, Duration time, OutputLimits output, List<String> gpus,
      NetworkPolicy network) {
    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException if the time is not positive
    public Grant {
      if (!time.isPositive()) {
        throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
      }
      gpus = List.copyOf(gpus);
    }

    /// What signed work grants, before GPUs have been chosen.
    public static Grant of(Work work) {
      return new Grant(work.resources(), Duration.ofSeconds(work.runSeconds()),
          OutputLimits.of(work.resources().diskMib()), List.of(), work.network());
    }
  }

  /// Bounds of what a job writes.
  ///
  /// @param streamBytes of `stdout` and of `stderr` each
  /// @param bytes of all files in the outputs together
  /// @param files files and folders in the outputs
  public record OutputLimits(long streamBytes, long bytes, int files) {
    /// 16 MiB: far more than people read, little enough to keep for every deal.
    public static final long STREAM_BYTES = 16L << 20;
    /// Room for 10,000 files, each in a folder of its own; few enough to hash and list in seconds, and 4 MiB of memory.
    /// A gateway takes five times as many.
    public static final int FILES = 20_000;
    /// What the entries of one folder may take together, by [#entryBytes]: a result keeps each folder in one block.
    public static final long FOLDER_BYTES = BlockSink.MAX_BLOCK_BYTES - 1024;
    /// Content id, size and framing of an entry, at most.
    private static final long ENTRY_BYTES = 64;

    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException if a bound is negative
    public OutputLimits {
      if (streamBytes < 0 || bytes < 0 || files < 0) {
        throw new IllegalArgumentException("output limits: " + streamBytes + ", " + bytes + ", " + files
            + " (expected: >= 0)");
      }
    }

    /// What an entry takes of its folder's block, at most.
    public static long entryBytes(String name) {
      return ENTRY_BYTES + name.getBytes(StandardCharsets.UTF_8).length;
    }

    /// The usual bounds of a job with so much disk.
    public static OutputLimits of(long diskMib) {
      return new OutputLimits(STREAM_BYTES, diskMib << 20, FILES);
    }
  }

  /// The same task with these GPUs.
  public Task withGpus(List<String> gpus) {
    return new Task(deal, spec,
        new Grant(grant.resources(), grant.time(), grant.output(), gpus, grant.network()), directory);
  }
}
