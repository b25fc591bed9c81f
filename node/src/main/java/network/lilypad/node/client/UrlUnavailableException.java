package network.lilypad.node.client;

import java.io.IOException;

/// A file of the web that did not come, although it was tried several times. It may come later.
public final class UrlUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message the address and the cause
  /// @param cause of the last try
  UrlUnavailableException(String message, IOException cause) {
    super(message, cause);
  }
}
