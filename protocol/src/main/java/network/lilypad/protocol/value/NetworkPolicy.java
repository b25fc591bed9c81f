package network.lilypad.protocol.value;

/// What a job may reach while it runs. Numbers are for ever: they are signed.
public enum NetworkPolicy {
  /// Nothing.
  NONE(0),
  /// The hosts its module names, over HTTP.
  HTTP(1),
  /// Everything.
  FULL(2);

  private final int number;

  NetworkPolicy(int number) {
    this.number = number;
  }

  /// The number in signed types and proto files.
  public int number() {
    return number;
  }

  /// @throws IllegalArgumentException if no policy has the number
  public static NetworkPolicy of(int number) {
    for (NetworkPolicy policy : values()) {
      if (policy.number == number) {
        return policy;
      }
    }
    throw new InvalidValueException("network", Integer.toString(number), "0 none, 1 http or 2 full");
  }
}
