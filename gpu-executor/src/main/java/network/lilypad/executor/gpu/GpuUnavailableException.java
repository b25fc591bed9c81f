package network.lilypad.executor.gpu;

/// A driver or tool that is missing, does not answer or talks garbage: nothing is known of its GPUs now.
public final class GpuUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message what does not work
  public GpuUnavailableException(String message) {
    super(message);
  }

  /// @param message what does not work
  /// @param cause what the system said
  public GpuUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
