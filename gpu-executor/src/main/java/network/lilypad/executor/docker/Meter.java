package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a container takes, from its control group as long as that exists: the last readings stand, which are at most
/// one look of the [Guard] too low. Zero where the system keeps the group elsewhere, and for the memory where the
/// kernel keeps no peak.
final class Meter {
  private static final String MICROS = "usage_usec ";
  private static final String TIMES = "max ";

  private final Gauge nanos;
  private final Gauge peak;
  private final Gauge refused;

  Meter(ControlGroup group) {
    this.nanos = new Gauge(group.files("cpuacct", "cpuacct.usage", "cpu.stat"));
    this.peak = new Gauge(group.files("memory", "memory.max_usage_in_bytes", "memory.peak"));
    this.refused = new Gauge(group.files("pids", "pids.events", "pids.events"));
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

  /// One number; or `cpu.stat`, which begins with `usage_usec` and microseconds: these become nanoseconds; or
  /// `pids.events`, which begins with `max` and a number.
  static long parse(String text) {
    var line = text.lines().findFirst().orElse("").strip();
    return line.startsWith(MICROS)
        ? Math.multiplyExact(Long.parseLong(line.substring(MICROS.length()).strip()), 1000L)
        : Long.parseLong(line.startsWith(TIMES) ? line.substring(TIMES.length()).strip() : line);
  }

  /// Reads everything now.
  synchronized void look() {
    nanos.look();
    peak.look();
    refused.look();
  }

  /// Processor time so far.
  synchronized Duration cpu() {
    return Duration.ofNanos(nanos.last);
  }

  /// The most memory at a time, in bytes; what the kernel keeps of files for it is memory too.
  synchronized long peakBytes() {
    return peak.last;
  }

  /// How often the program was refused a process or thread.
  synchronized long refusedProcesses() {
    return refused.last;
  }

  /// Whether that peak was all there was. The kernel hands memory out in batches, so who was refused one may have had a
  /// little less.
  static boolean exhausted(long peakBytes, long limitMib) {
    return peakBytes > (limitMib - 1) << 20;
  }
}
