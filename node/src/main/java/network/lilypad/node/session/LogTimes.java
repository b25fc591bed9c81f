package network.lilypad.node.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import network.lilypad.node.read.LogClock;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.value.DealId;

/// Decides which pieces of output get a mark of their time: a stream's first, unless the run has only just begun, and
/// then one in [LogClock#SPACING_SECONDS]. Confined to one session.
final class LogTimes {
  /// A machine has at most 1024 leases; the oldest run is the first to be forgotten, which costs it one more mark.
  private static final int RUNS_MAX = 1024;

  private final Map<DealId, Times> runs = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override protected boolean removeEldestEntry(Map.Entry<DealId, Times> eldest) {
      return size() > RUNS_MAX;
    }
  };

  /// One run. Times are of the last mark, or of the run's beginning; 0: none.
  private static final class Times {
    private long stdout;
    private long stderr;
    private long end;
    private long errorEnd;
  }

  /// The run began.
  void started(DealId deal, long now) {
    var times = times(deal);
    times.stdout = Math.max(times.stdout, now);
    times.stderr = Math.max(times.stderr, now);
  }

  /// The mark of a piece that came now, if it gets one.
  Optional<LogClock.Mark> heard(DealId deal, LogPiece piece, long now) {
    var times = times(deal);
    boolean stderr = piece.getStderr();
    long end = piece.getOffset() + piece.getData().size();
    boolean fresh = end > (stderr ? times.errorEnd : times.end);
    boolean due = now - (stderr ? times.stderr : times.stdout) >= LogClock.SPACING_SECONDS;
    if (!fresh || !due) {
      return Optional.empty();
    }
    if (stderr) {
      times.stderr = now;
      times.errorEnd = end;
    } else {
      times.stdout = now;
      times.end = end;
    }
    return Optional.of(new LogClock.Mark(piece.getOffset(), now));
  }

  private Times times(DealId deal) {
    return runs.computeIfAbsent(deal, _ -> new Times());
  }
}
