package network.lilypad.executor;

/// The machine, not the job, failed: an engine that does not answer, a full disk, an image that cannot be pulled. There
/// is no result; repeating the task may give one.
public final class ExecutorUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A fault without a cause.
  ///
  /// @param message what does not work
  public ExecutorUnavailableException(String message) {
    super(message);
  }

  /// A fault with its cause.
  ///
  /// @param message what does not work
  /// @param cause what the engine or the system said
  public ExecutorUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
