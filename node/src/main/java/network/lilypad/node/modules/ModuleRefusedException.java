package network.lilypad.node.modules;

import network.lilypad.protocol.Rejection;

/// A module that does not exist, cannot be rendered with these inputs, or asks for what nobody can run. Nothing has
/// happened; the rejection says what to change.
public final class ModuleRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  /// @param why the refusal
  public ModuleRefusedException(Rejection why) {
    super(why.message());
    this.why = why;
  }

  /// A field that is not what it must be.
  ///
  /// @param field which, as its author knows it
  /// @param value the offending value
  /// @param expectation what it takes
  public static ModuleRefusedException malformed(String field, String value, String expectation) {
    return new ModuleRefusedException(new Rejection.Malformed(field, value, expectation));
  }

  /// The refusal.
  public Rejection why() {
    return why;
  }
}
