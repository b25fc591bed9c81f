package network.lilypad.node.gateway;

/// The gateway could not open its port.
public final class GatewayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayUnavailableException(Throwable cause) {
    super("gateway: " + cause.getMessage(), cause);
  }
}
