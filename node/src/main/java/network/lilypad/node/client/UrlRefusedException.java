package network.lilypad.node.client;

import java.io.IOException;

/// A file of the web that is not to be had by that address: no such host, nobody there, not found, too large. Trying
/// again does not help.
public final class UrlRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message the address and the cause
  UrlRefusedException(String message) {
    super(message);
  }
}
