package network.lilypad.node.modules;

/// A repository, a registry or the cache that does not answer now: nothing is known of the module, and repeating may
/// help. The message says who was asked and what to do.
public final class ModuleUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String next;

  /// @param message who did not answer and why
  /// @param next what to do
  public ModuleUnavailableException(String message, String next) {
    super(message);
    this.next = next;
  }

  /// What to do now.
  public String next() {
    return next;
  }
}
