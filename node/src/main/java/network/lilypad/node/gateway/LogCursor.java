package network.lilypad.node.gateway;

import java.util.regex.Pattern;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;

/// Where a reader of a job's output stands.
///
/// @param attempt from 1
/// @param begun whether the offsets hold: what was asked to be left out of this attempt lies before them
/// @param stdout bytes of standard output told or left out
/// @param stderr bytes of standard error told or left out
/// @param history the attempts that there were when the reader began: nothing is left out of later ones
record LogCursor(int attempt, boolean begun, long stdout, long stderr, int history) {
  private static final Pattern FORM = Pattern.compile("L(\\d{1,3}):([01]):(\\d{1,18}):(\\d{1,18}):(\\d{1,3})");

  /// Before everything.
  ///
  /// @param history attempts that there are
  static LogCursor start(int history) {
    return new LogCursor(1, false, 0, 0, history);
  }

  /// Reads a cursor.
  ///
  /// @throws InvalidValueException if it is none of ours
  static LogCursor parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidValueException("cursor", text, "the cursor of a piece of output, or empty");
    }
    int attempt = Integer.parseInt(form.group(1));
    int history = Integer.parseInt(form.group(5));
    if (attempt < 1 || attempt > DealId.MAX_ATTEMPT || history > DealId.MAX_ATTEMPT) {
      throw new InvalidValueException("cursor", text, "an attempt from 1 to " + DealId.MAX_ATTEMPT);
    }
    return new LogCursor(attempt, form.group(2).equals("1"), Long.parseLong(form.group(3)),
        Long.parseLong(form.group(4)), history);
  }

  LogCursor nextAttempt() {
    return new LogCursor(attempt + 1, false, 0, 0, history);
  }

  /// With its offsets settled.
  LogCursor from(long stdoutFrom, long stderrFrom) {
    return new LogCursor(attempt, true, stdoutFrom, stderrFrom, history);
  }

  /// After a piece of output.
  LogCursor logged(boolean ofStderr, long end) {
    return ofStderr ? from(stdout, end) : from(end, stderr);
  }

  /// What was told or left out of a stream.
  long offset(boolean ofStderr) {
    return ofStderr ? stderr : stdout;
  }

  /// Whether something may have to be left out of this attempt still.
  boolean choosing() {
    return !begun && attempt <= history;
  }

  @Override public String toString() {
    return "L" + attempt + ":" + (begun ? 1 : 0) + ":" + stdout + ":" + stderr + ":" + history;
  }
}
