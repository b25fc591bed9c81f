package network.lilypad.node.client;

/// The gateway did not answer, or broke off: whether the call had an effect is unknown, repeating it is the way to learn.
public final class GatewayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message what happened
  /// @param cause gRPC's words
  public GatewayUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
