package network.lilypad.node.gateway;

import java.util.regex.Pattern;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;

/// Where a watch of a job stands: which stage of which attempt was told last, and how much of its output.
///
/// @param attempt from 1
/// @param step the last stage told, 0: none; stages have the same number in every attempt
/// @param stdout bytes told
/// @param stderr bytes told
record Cursor(int attempt, int step, long stdout, long stderr) {
  /// Before everything.
  static final Cursor START = new Cursor(1, 0, 0, 0);
  static final int SUBMITTED = 1;
  static final int MATCHED = 2;
  static final int ESCROWED = 3;
  static final int STARTED = 4;
  static final int RESULT = 5;
  static final int ACCEPTED = 6;
  static final int PAID = 7;
  static final int LOST = 8;
  static final int ENDED = 9;
  private static final Pattern FORM = Pattern.compile("(\\d{1,3}):(\\d):(\\d{1,18}):(\\d{1,18})");

  /// Reads a cursor; empty text is [#START].
  ///
  /// @throws InvalidValueException if it is none of ours
  static Cursor parse(String text) {
    if (text.isEmpty()) {
      return START;
    }
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidValueException("cursor", text, "the cursor of an event, or empty");
    }
    int attempt = Integer.parseInt(form.group(1));
    if (attempt < 1 || attempt > DealId.MAX_ATTEMPT) {
      throw new InvalidValueException("cursor", text, "an attempt from 1 to " + DealId.MAX_ATTEMPT);
    }
    return new Cursor(attempt, Integer.parseInt(form.group(2)), Long.parseLong(form.group(3)),
        Long.parseLong(form.group(4)));
  }

  /// The next attempt's beginning.
  Cursor nextAttempt() {
    return new Cursor(attempt + 1, 0, 0, 0);
  }

  /// After a stage.
  Cursor at(int reached) {
    return new Cursor(attempt, reached, stdout, stderr);
  }

  /// After a piece of output.
  Cursor logged(boolean ofStderr, long end) {
    return ofStderr ? new Cursor(attempt, step, stdout, end) : new Cursor(attempt, step, end, stderr);
  }

  /// How much of a stream has been told.
  long offset(boolean ofStderr) {
    return ofStderr ? stderr : stdout;
  }

  @Override public String toString() {
    return attempt + ":" + step + ":" + stdout + ":" + stderr;
  }
}
