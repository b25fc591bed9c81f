package network.lilypad.actors.market;

import java.util.Set;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.MachineLimits;

/// What the market knows of a machine beyond its signed offer.
///
/// @param engines what it can run
/// @param allowedModules digests of the only modules it takes; empty: all. At most 1024
/// @param deniedModules digests of modules it does not take, also if they are allowed. At most 1024
/// @param limits what else its owner lets run
/// @param reputation of its provider in permille, 0 to 1000
public record Attributes(Set<Engine> engines, Set<Bytes32> allowedModules, Set<Bytes32> deniedModules,
    MachineLimits limits, int reputation) {
  /// The most modules one policy may name: 32 KiB of digests.
  public static final int MAX_MODULES = 1024;
  /// The best reputation.
  public static final int MAX_REPUTATION = 1000;

  /// @throws IllegalArgumentException if a number is out of bounds
  public Attributes {
    Bounds.check("allowedModules", allowedModules.size(), 0, MAX_MODULES);
    Bounds.check("deniedModules", deniedModules.size(), 0, MAX_MODULES);
    Bounds.check("reputation", reputation, 0, MAX_REPUTATION);
    engines = Set.copyOf(engines);
    allowedModules = Set.copyOf(allowedModules);
    deniedModules = Set.copyOf(deniedModules);
  }

  /// Whether the machine's policy takes the module.
  boolean takes(Bytes32 module) {
    return !deniedModules.contains(module) && (allowedModules.isEmpty() || allowedModules.contains(module));
  }
}
