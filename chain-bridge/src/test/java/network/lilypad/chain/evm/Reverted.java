package network.lilypad.chain.evm;

import java.util.List;

/// A contract refused: its custom error, by name, with its arguments. `Error` and `Panic` are Solidity's own; a revert
/// without data is called `empty`.
public final class Reverted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient List<Object> arguments;

  Reverted(String name, List<Object> arguments) {
    super(name + arguments);
    this.name = name;
    this.arguments = arguments;
  }

  /// The error's name.
  public String name() {
    return name;
  }

  /// Its arguments, as [Abi] decodes them.
  public List<Object> arguments() {
    return arguments;
  }
}
