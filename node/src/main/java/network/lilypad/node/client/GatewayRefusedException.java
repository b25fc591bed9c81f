package network.lilypad.node.client;

import network.lilypad.protocol.Rejection;

/// The gateway said no: nothing has changed, and the same call will be refused again unless the rejection says when to
/// retry.
public final class GatewayRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  /// @param why the refusal
  public GatewayRefusedException(Rejection why) {
    super(why.message());
    this.why = why;
  }

  /// The refusal.
  public Rejection why() {
    return why;
  }
}
