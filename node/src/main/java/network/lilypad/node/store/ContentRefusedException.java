package network.lilypad.node.store;

import network.lilypad.protocol.Rejection;

/// Content that the store does not take. Carries the reason for the one who sent it.
public final class ContentRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  ContentRefusedException(Rejection why) {
    super(why.message());
    this.why = why;
  }

  /// `BadContent`, `TooLarge` or `Overloaded`.
  public Rejection why() {
    return why;
  }
}
