package network.lilypad.node.modules.template;

import network.lilypad.protocol.Rejection;

/// A template that is not understood, or that cannot be rendered with these inputs. The rejection names line and
/// construct, or the input.
public final class TemplateRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  TemplateRefusedException(Rejection why) {
    super(why.message());
    this.why = why;
  }

  static TemplateRefusedException malformed(String field, String value, String expectation) {
    return new TemplateRefusedException(new Rejection.Malformed(field, value, expectation));
  }

  static TemplateRefusedException tooLarge(String what, long size, long limit) {
    return new TemplateRefusedException(new Rejection.TooLarge(what, size, limit));
  }

  /// The refusal.
  public Rejection why() {
    return why;
  }
}
