package network.lilypad.executor;

/// The machine, not the job, failed: an engine that does not answer, a full disk, an image that cannot be pulled. There
/// is no result; repeating the task may give one, unless [#lasting()].
public final class ExecutorUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Whether repeating is in vain.
  private final boolean lasting;

  /// A fault without a cause.
  ///
  /// @param message what does not work
  public ExecutorUnavailableException(String message) {
    this(message, false);
  }

  /// A fault with its cause.
  ///
  /// @param message what does not work
  /// @param cause what the engine or the system said
  public ExecutorUnavailableException(String message, Throwable cause) {
    super(message, cause);
    this.lasting = false;
  }

  private ExecutorUnavailableException(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  /// A fault that repeating at once cannot cure: an image that is not there, a network mode that is not offered.
  ///
  /// @param message what does not work
  public static ExecutorUnavailableException forGood(String message) {
    return new ExecutorUnavailableException(message, true);
  }

  /// Whether repeating the task on this machine is in vain.
  public boolean lasting() {
    return lasting;
  }
}
