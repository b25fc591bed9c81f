package network.lilypad.protocol.value;

/// A value that cannot be what it claims to be. Names the subject, the offending value and the expectation apart, so
/// that whoever reads outside input can say which field was wrong.
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String subject;
  private final String value;
  private final String expectation;

  /// @param subject the field, such as `work.module`
  /// @param value the offending value
  /// @param expectation what it takes
  public InvalidValueException(String subject, String value, String expectation) {
    super(subject + ": " + value + " (expected: " + expectation + ")");
    this.subject = subject;
    this.value = value;
    this.expectation = expectation;
  }

  /// The field.
  public String subject() {
    return subject;
  }

  /// The offending value.
  public String value() {
    return value;
  }

  /// What it takes.
  public String expectation() {
    return expectation;
  }

  /// The same with the field named from one level further out.
  ///
  /// @param outer the field that holds this one, such as `work`
  public InvalidValueException within(String outer) {
    return new InvalidValueException(outer + "." + subject, value, expectation);
  }
}
