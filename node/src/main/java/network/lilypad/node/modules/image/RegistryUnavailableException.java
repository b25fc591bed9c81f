package network.lilypad.node.modules.image;

/// A registry that does not answer, or not as a registry.
final class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message) {
    super(message);
  }
}
