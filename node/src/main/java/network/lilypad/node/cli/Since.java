package network.lilypad.node.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/// A past time as people write it: how long ago, or when.
final class Since {
  private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

  private Since() {}

  /// Seconds of ledger time.
  ///
  /// @param text such as `90s`, `10m`, `2h`, `1d` or `2026-01-31T12:00:00Z`; empty: 0
  /// @param now ledger time
  static long parse(String text, Instant now) {
    if (text.isEmpty()) {
      return 0;
    }
    var ago = AGO.matcher(text);
    var when = ago.matches() ? now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2))) : instant(text);
    if (when.isAfter(now)) {
      throw refused(text, "not after now, " + now);
    }
    return Math.max(1, when.getEpochSecond());
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw refused(text, "30s, 10m, 2h, 1d or an instant such as 2026-01-31T12:00:00Z");
    }
  }

  private static FailureException refused(String text, String expectation) {
    return FailureException.usage("--since " + text + " (expected: " + expectation + ")", "lilypad jobs logs --help");
  }
}
