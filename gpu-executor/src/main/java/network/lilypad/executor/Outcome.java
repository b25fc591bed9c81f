package network.lilypad.executor;

import java.time.Duration;

/// What became of a task. Every outcome is a result that is stored, signed and paid for by the deal's rules, the job's
/// own failures included.
///
/// The number in the result's `exitCode` is the program's own for [Exited], else the one a shell would give: 128 plus
/// the signal that ends a native program for the same reason, and 124 like `timeout`.
public sealed interface Outcome {
  /// The program ended by itself.
  ///
  /// @param exitCode 0 to 255
  record Exited(int exitCode) implements Outcome {}

  /// The program was refused memory above its limit and failed.
  ///
  /// @param limitMib the limit
  record OutOfMemory(long limitMib) implements Outcome {}

  /// The program ran until its time was over.
  ///
  /// @param limit its time
  record DeadlineExceeded(Duration limit) implements Outcome {}

  /// The program wrote more text or more files than it may; what lies on disk is within the bounds.
  ///
  /// @param bound the bound it went over
  record OutputTooLarge(String bound) implements Outcome {
    /// One folder has more names than a result can keep.
    public static final OutputTooLarge CROWDED = new OutputTooLarge("names in one folder: above "
        + Task.OutputLimits.FOLDER_BYTES + " bytes");
  }

  /// The program's outputs took more disk than it has; what lies on disk is within the limit.
  ///
  /// @param limitBytes the limit
  record DiskFull(long limitBytes) implements Outcome {}

  /// The program did what no program may do, or is none.
  ///
  /// @param reason the engine's words
  /// @param exitCode what a shell would give: 128 plus the signal, 126 or 127 for what cannot be started
  record Trapped(String reason, int exitCode) implements Outcome {
    /// A trap of an engine without signals.
    public Trapped(String reason) {
      this(reason, 134);
    }
  }

  /// Somebody ended the task.
  record Cancelled() implements Outcome {}

  /// The decimal number in the result's `exitCode`.
  default int exitCode() {
    return switch (this) {
      case Exited(var code) -> code;
      case OutOfMemory _ -> 137;
      case DeadlineExceeded _ -> 124;
      case OutputTooLarge _ -> 153;
      case DiskFull _ -> 153;
      case Trapped(_, var code) -> code;
      case Cancelled _ -> 143;
    };
  }

  /// The line that ends `stderr` when the program did not end by itself, empty when it did.
  default String note() {
    return switch (this) {
      case Exited _ -> "";
      case OutOfMemory(var limit) -> "lilypad: out of memory: above " + limit + " MiB\n";
      case DeadlineExceeded(var limit) -> "lilypad: out of time: above " + limit.toSeconds() + " s\n";
      case OutputTooLarge(var bound) -> "lilypad: " + bound + "\n";
      case DiskFull(var limit) -> "lilypad: disk full: above " + limit + " bytes\n";
      case Trapped(var reason, _) -> "lilypad: trap: " + reason + "\n";
      case Cancelled _ -> "lilypad: cancelled\n";
    };
  }
}
