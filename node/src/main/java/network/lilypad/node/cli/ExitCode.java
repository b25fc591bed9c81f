package network.lilypad.node.cli;

/// What the process says when it ends. A job's own exit code is 0 to 124.
final class ExitCode {
  static final int OK = 0;
  /// The largest exit code of a job; a higher one is said as this.
  static final int JOB_MAX = 124;
  /// Something of ours did not work: the gateway, the disk, this program.
  static final int OURS = 125;
  /// The market, the module or this command's options were refused.
  static final int REFUSED = 126;
  /// No machine was found in time.
  static final int NO_MATCH = 127;
  /// Ctrl-C: the job goes on.
  static final int DETACHED = 130;

  private ExitCode() {}

  static int ofJob(int exitCode) {
    return Math.min(Math.max(exitCode, 0), JOB_MAX);
  }
}
