package network.lilypad.executor.docker;

import java.util.Map;

/// What the container of one run reaches, from before it is made until after it is removed.
interface RunNetwork extends AutoCloseable {
  /// Nothing but itself.
  RunNetwork NONE = of("none");

  /// The engine's name of it.
  String mode();

  /// Variables that lead to its way out.
  Map<String, String> environment();

  /// Lines for `stderr` about what was refused; empty, or ends with a line end.
  String notes();

  /// Whether the container has the name, and so on, of another one whose network it joins.
  default boolean isJoined() { return mode().startsWith("container:"); }

  /// Ends what it has of its own. Nothing happens if that is done; never fails.
  @Override void close();

  /// A network that is there without us.
  static RunNetwork of(String mode) {
    return new Standing(mode);
  }

  /// A network that stays when the run is over.
  record Standing(String mode) implements RunNetwork {
    @Override public Map<String, String> environment() {
      return Map.of();
    }

    @Override public String notes() {
      return "";
    }

    @Override public void close() {}
  }
}
