package network.lilypad.protocol.value;

/// What runs a job. Numbers are for ever: they are signed.
public enum Engine {
  /// A container run by a Docker engine.
  DOCKER(1),
  /// A WebAssembly command module, WASI preview 1.
  WASM(2);

  private final int number;

  Engine(int number) {
    this.number = number;
  }

  /// The number in signed types and proto files.
  public int number() {
    return number;
  }

  /// @throws IllegalArgumentException if no engine has the number
  public static Engine of(int number) {
    for (Engine engine : values()) {
      if (engine.number == number) {
        return engine;
      }
    }
    throw new InvalidValueException("engine", Integer.toString(number), "1 docker or 2 wasm");
  }
}
