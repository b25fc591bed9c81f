package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a container takes, from its control group as long as that exists: the last readings stand, which are at most one look
/// of the [Guard] too low. Zero where the system keeps the group elsewhere, and for the memory where the kernel keeps no peak.
final class Meter {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final String MICROS = "usage_usec ";

  private final Gauge nanos;
  private final Gauge peak;

  Meter(String container) {
    this.nanos = new Gauge(files(container, "cpuacct", "cpuacct.usage", "cpu.stat"));
    this.peak = new Gauge(files(container, "memory", "memory.max_usage_in_bytes", "memory.peak"));
  }

  /// The places of one reading: version 2 of control groups has all in one folder, version 1 a tree for each controller;
  /// engines put containers under themselves or under the system's service manager.
  private static List<Path> files(String container, String controller, String first, String second) {
    var folders = List.of("docker/" + container, "system.slice/docker-" + container + ".scope");
    return folders.stream().flatMap(folder -> Stream.of(GROUPS.resolve(folder).resolve(second),
        GROUPS.resolve(controller).resolve(folder).resolve(first))).toList();
  }

  /// One number that is read again and again.
  private static final class Gauge {
    private final List<Path> candidates;
    private Optional<Path> found = Optional.empty();
    private long last;

    Gauge(List<Path> candidates) {
      this.candidates = candidates;
    }

    void look() {
      found = found.or(() -> candidates.stream().filter(Files::isReadable).findFirst());
      found.ifPresent(file -> {
        try {
          last = parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException | ArithmeticException _) {
          // the container has ended
        }
      });
    }
  }

  /// One number, or `cpu.stat`, which begins with `usage_usec` and microseconds: these become nanoseconds.
  static long parse(String text) {
    var line = text.lines().findFirst().orElse("").strip();
    return line.startsWith(MICROS)
        ? Math.multiplyExact(Long.parseLong(line.substring(MICROS.length()).strip()), 1000L)
        : Long.parseLong(line);
  }

  /// Reads everything now.
  synchronized void look() {
    nanos.look();
    peak.look();
  }

  /// Processor time so far.
  synchronized Duration cpu() {
    return Duration.ofNanos(nanos.last);
  }

  /// The most memory at a time, in bytes; what the kernel keeps of files for it is memory too.
  synchronized long peakBytes() {
    return peak.last;
  }

  /// Whether that peak was all there was. The kernel hands memory out in batches, so who was refused one may have had a little
  /// less.
  static boolean exhausted(long peakBytes, long limitMib) {
    return peakBytes > (limitMib - 1) << 20;
  }
}
