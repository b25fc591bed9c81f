package network.lilypad.protocol;

/// A bug of ours: something that cannot happen has happened. It crashes the actor that found it, whose supervisor
/// restarts it from its journal. Never thrown for bad input, which is answered with a rejection.
public final class Defect extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message names the subject, the offending value and the expectation
  public Defect(String message) {
    super(message);
  }

  /// Asserts what must hold, in production too.
  ///
  /// @param holds what must be true
  /// @param message names the subject, the offending value and the expectation
  public static void unless(boolean holds, String message) {
    if (!holds) {
      throw new Defect(message);
    }
  }
}
