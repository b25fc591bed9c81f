package network.lilypad.node.modules;

import network.lilypad.protocol.Rejection;

/// A module that does not exist, cannot be rendered with these inputs, or asks for what nobody can run. Nothing has
/// happened; the rejection says what to change.
public final class ModuleRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;
  private final String next;

  /// @param why the refusal
  public ModuleRefusedException(Rejection why) {
    this(why, "");
  }

  /// @param why the refusal
  /// @param next what to do, if the refusal alone does not tell
  public ModuleRefusedException(Rejection why, String next) {
    super(why.message());
    this.why = why;
    this.next = next;
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

  /// What to do; empty if the refusal tells.
  public String next() {
    return next;
  }
}
