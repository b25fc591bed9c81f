package network.lilypad.executor.egress;

/// This process cannot open a way out of a namespace. Says why, and what its owner may do.
public final class EgressUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EgressUnavailableException(String message) {
    super(message);
  }

  EgressUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
