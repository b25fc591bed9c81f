package network.lilypad.node.config;

/// A configuration that the node refuses to start with. The message names the key, the file and line, the offending
/// value and what is expected; it is for the operator and complete without a stack trace.
public final class ConfigRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigRejectedException(String message) {
    super(message);
  }
}
