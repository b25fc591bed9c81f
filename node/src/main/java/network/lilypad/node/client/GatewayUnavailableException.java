package network.lilypad.node.client;

import java.util.Optional;
import network.lilypad.protocol.Rejection;

/// The gateway did not answer, or broke off: whether the call had an effect is unknown, repeating it is the way to
/// learn.
public final class GatewayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Rejection.Unavailable> busy;

  /// @param message what happened
  /// @param cause gRPC's words
  public GatewayUnavailableException(String message, Throwable cause) {
    super(message, cause);
    this.busy = Optional.empty();
  }

  /// @param busy what the gateway itself said: it is there, and something behind it did not answer in time
  /// @param cause gRPC's words
  public GatewayUnavailableException(Rejection.Unavailable busy, Throwable cause) {
    super(busy.message(), cause);
    this.busy = Optional.of(busy);
  }

  /// What the gateway said, if it answered at all.
  public Optional<Rejection.Unavailable> busy() {
    return busy;
  }
}
