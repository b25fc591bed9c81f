package network.lilypad.executor.wasm;

import java.io.IOException;
import network.lilypad.executor.Outcome;

/// Why a system call ends the whole run instead of returning to the guest.
abstract sealed class Ending extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Ending(String message, Throwable cause) {
    super(message, cause, false, false);
  }

  private Ending(String message) {
    super(message, null, false, false);
  }

  /// The guest asked to end.
  static final class Exit extends Ending {
    private static final long serialVersionUID = 1L;
    private final int code;

    Exit(int code) {
      super("exit " + code);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /// The guest went over a bound on its output.
  static final class OverBound extends Ending {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    private OverBound(Outcome outcome) {
      super(outcome.toString());
      this.outcome = outcome;
    }

    /// @param bound which, and how much it allows
    OverBound(String bound) {
      this(new Outcome.OutputTooLarge(bound));
    }

    /// One folder has too many names.
    static OverBound crowded() {
      return new OverBound(Outcome.OutputTooLarge.CROWDED);
    }

    /// @param limitBytes all that the outputs may take
    static OverBound disk(long limitBytes) {
      return new OverBound(new Outcome.DiskFull(limitBytes));
    }

    /// What that makes of the run.
    Outcome outcome() {
      return outcome;
    }
  }

  /// The host's disk failed: nothing the guest did.
  static final class HostFault extends Ending {
    private static final long serialVersionUID = 1L;

    HostFault(IOException cause) {
      super("host disk: " + cause, cause);
    }
  }
}
