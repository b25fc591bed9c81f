package network.lilypad.protocol.value;

/// How a job's result may be judged: the determinism class of its module. Numbers are for ever: they are signed.
public enum Verification {
  /// D0: availability only, no judgement of content.
  NONE(0),
  /// D1: bit-exact, a re-execution must give the same root.
  EXACT(1),
  /// D2: a comparator says how far two results may differ.
  TOLERANCE(2),
  /// D3: statistical commitments beside the result.
  STATISTICAL(3),
  /// D4: attested by hardware.
  ATTESTED(4);

  private final int number;

  Verification(int number) {
    this.number = number;
  }

  /// The number in signed types and proto files.
  public int number() {
    return number;
  }

  /// @throws IllegalArgumentException if no class has the number
  public static Verification of(int number) {
    for (Verification verification : values()) {
      if (verification.number == number) {
        return verification;
      }
    }
    throw new InvalidValueException("verification", Integer.toString(number), "0 to 4");
  }
}
