package network.lilypad.node.store;

/// The database or the content directory gave no answer: what was asked may or may not have happened. Repeating it is
/// the way to learn, and harmless.
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnavailableException(String what, Throwable cause) {
    super(what + ": " + cause.getMessage(), cause);
  }
}
