package network.lilypad.node.read;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// When the output of one run reached the gateway, by marks a few seconds apart. An immutable value.
///
/// @param begun ledger time at which the run began, 0 if nobody said; its first seconds need no mark
/// @param stdout marks of standard output by offset
/// @param stderr marks of standard error by offset
public record LogClock(long begun, List<Mark> stdout, List<Mark> stderr) {
  /// Nobody reads faster, and a chatty run costs one row for each stream in so many seconds.
  public static final int SPACING_SECONDS = 5;
  /// What one mark may be wrong by: the spacing, and the clocks of an agent and its gateway.
  public static final int SLACK_SECONDS = 10;
  /// Output that is older than this is told apart by [#COARSE_SECONDS] only.
  public static final int FINE_SECONDS = 3600;
  /// A week's run has a thousand marks of this.
  public static final int COARSE_SECONDS = 600;

  /// Output from a byte on came at a time or later.
  ///
  /// @param offset of the byte
  /// @param at ledger time
  public record Mark(long offset, long at) {}

  /// Keeps copies.
  public LogClock {
    stdout = List.copyOf(stdout);
    stderr = List.copyOf(stderr);
  }

  /// The first byte that may have come at a time or later; empty if everything marked is older.
  ///
  /// @param now ledger time
  public OptionalLong from(boolean ofStderr, long since, long now) {
    return marks(ofStderr).filter(mark -> mark.at + slack(mark, now) > since).mapToLong(Mark::offset).findFirst();
  }

  private static long slack(Mark mark, long now) {
    return now - mark.at > FINE_SECONDS ? SLACK_SECONDS + COARSE_SECONDS : SLACK_SECONDS;
  }

  /// When a byte came, at the earliest; 0 if nobody knows.
  public long at(boolean ofStderr, long offset) {
    return marks(ofStderr).filter(mark -> mark.offset <= offset).mapToLong(Mark::at).max().orElse(0);
  }

  /// The last mark's byte, 0 if there is none.
  public long last(boolean ofStderr) {
    return marks(ofStderr).mapToLong(Mark::offset).max().orElse(0);
  }

  private Stream<Mark> marks(boolean ofStderr) {
    return Stream.concat(begun > 0 ? Stream.of(new Mark(0, begun)) : Stream.empty(),
        (ofStderr ? stderr : stdout).stream());
  }
}
