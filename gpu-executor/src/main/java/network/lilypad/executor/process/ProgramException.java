package network.lilypad.executor.process;

import java.io.IOException;

/// A program that is not there, hangs, fails or says too much.
public final class ProgramException extends IOException {
  private static final long serialVersionUID = 1L;

  ProgramException(String message) {
    super(message);
  }

  ProgramException(String message, Throwable cause) {
    super(message, cause);
  }
}
