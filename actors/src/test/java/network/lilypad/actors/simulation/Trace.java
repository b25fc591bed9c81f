package network.lilypad.actors.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The last steps of a run, or all of them, in words a person can follow: ids are replaced by short names.
final class Trace {
  /// Enough to see how a deal got where it is.
  static final int KEPT = 60;
  private static final int WIDTH = 240;
  private static final Pattern HEX = Pattern.compile("0x[0-9a-f]{16,}");
  private static final Pattern NOISE = Pattern.compile(
      ", (replyTo|signature|extra)=[^,\\]]*|network\\.lilypad\\S*?\\.|Bytes32\\[[^\\]]*\\]|digest=|\\w+\\[0x0{64}\\]");

  private record Line(long millis, String who, Object what) {}

  private final Map<String, String> names = new HashMap<>();
  private final Deque<Line> lines = new ArrayDeque<>();
  private final boolean whole;

  Trace(boolean whole) {
    this.whole = whole;
  }

  boolean whole() {
    return whole;
  }

  void name(Object id, String name) {
    names.put(id.toString(), name);
  }

  void add(long millis, String who, Object what) {
    lines.addLast(new Line(millis, who, what));
    if (!whole && lines.size() > KEPT) {
      lines.removeFirst();
    }
  }

  @Override public String toString() {
    return lines.stream().map(this::text).collect(Collectors.joining("\n"));
  }

  private String text(Line line) {
    String said = line.what.getClass().isRecord()
        ? line.what.toString()
        : line.what instanceof String text ? text : line.what.getClass().getSimpleName();
    String named = HEX.matcher(NOISE.matcher(said).replaceAll(""))
        .replaceAll(hex -> names.getOrDefault(hex.group(), "#"));
    long millis = line.millis - Scheduler.BEGIN_SECONDS * 1000;
    return "%9.3f %-10s %s".formatted(millis / 1000.0, line.who, named.substring(0, Math.min(WIDTH, named.length())));
  }
}
