package network.lilypad.node.gateway;

/// The gateway could not open its port.
public final class GatewayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param listeners what was to be opened
  GatewayUnavailableException(String listeners, Throwable cause) {
    super(listeners + ": " + cause.getMessage(), cause);
  }
}
