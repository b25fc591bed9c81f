package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A container's processor time, from its control group as long as that exists: the last reading stands, which is at most
/// one look of the [Guard] too low. Zero where the system keeps the group elsewhere.
final class Processor {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private static final String MICROS = "usage_usec ";

  private final List<Path> candidates;
  private Optional<Path> found = Optional.empty();
  private Duration used = Duration.ZERO;

  Processor(String container) {
    this.candidates = List.of(GROUPS.resolve("system.slice/docker-" + container + ".scope/cpu.stat"),
        GROUPS.resolve("docker/" + container + "/cpu.stat"),
        GROUPS.resolve("cpuacct/docker/" + container + "/cpuacct.usage"),
        GROUPS.resolve("cpuacct/system.slice/docker-" + container + ".scope/cpuacct.usage"));
  }

  /// Reads the time now.
  synchronized void look() {
    found = found.or(() -> candidates.stream().filter(Files::isReadable).findFirst());
    found.ifPresent(file -> {
      try {
        used = parse(Files.readString(file));
      } catch (IOException | IllegalArgumentException _) {
        // the container has ended
      }
    });
  }

  /// `cpuacct.usage` is one number of nanoseconds, `cpu.stat` begins with `usage_usec` and microseconds.
  static Duration parse(String text) {
    var line = text.lines().findFirst().orElse("").strip();
    return line.startsWith(MICROS)
        ? Duration.ofNanos(Math.multiplyExact(number(line.substring(MICROS.length())), 1000L))
        : Duration.ofNanos(number(line));
  }

  private static long number(String text) {
    return Long.parseLong(text.strip());
  }

  synchronized Duration used() {
    return used;
  }
}
