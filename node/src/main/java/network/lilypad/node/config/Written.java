package network.lilypad.node.config;

import java.time.Duration;
import java.util.List;

/// Durations and sizes as people write them in a configuration: `7d`, `100ms`, `64 MiB`.
final class Written {
  private static final List<Unit> TIMES = List.of(new Unit("d", 86_400_000), new Unit("h", 3_600_000),
      new Unit("m", 60_000), new Unit("s", 1000), new Unit("ms", 1));
  private static final List<Unit> SIZES = List.of(new Unit(" TiB", 1L << 40), new Unit(" GiB", 1L << 30),
      new Unit(" MiB", 1L << 20), new Unit(" KiB", 1L << 10), new Unit(" bytes", 1));

  private Written() {}

  private record Unit(String name, long size) {}

  /// In the largest unit of which it is a whole number; what is below a millisecond is cut off.
  static String duration(Duration duration) {
    return duration.toMillis() == 0 ? "0s" : whole(duration.toMillis(), TIMES);
  }

  /// In the largest unit of which it is a whole number.
  static String bytes(long bytes) {
    return bytes == 0 ? "0" : whole(bytes, SIZES);
  }

  private static String whole(long amount, List<Unit> units) {
    var unit = units.stream().filter(each -> amount % each.size == 0).findFirst().orElse(units.getLast());
    return amount / unit.size + unit.name;
  }
}
