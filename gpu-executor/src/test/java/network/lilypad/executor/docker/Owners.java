package network.lilypad.executor.docker;

import java.util.UUID;

/// Names of owners: several builds share the engine of one machine.
final class Owners {
  private Owners() {}

  static String fresh() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
