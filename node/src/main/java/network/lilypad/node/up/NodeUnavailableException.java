package network.lilypad.node.up;

/// The node could not start. The message is for the operator.
public final class NodeUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NodeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
