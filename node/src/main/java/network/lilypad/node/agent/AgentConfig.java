package network.lilypad.node.agent;

import java.nio.file.Path;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;

/// What a provider's agent offers, and on which terms.
///
/// @param gateway where it dials
/// @param directory where it keeps its machine id, session number and spool
/// @param offered the most it sells; zero in a dimension: all there is
/// @param asks what it asks and bears
/// @param policy what its owner lets run
public record AgentConfig(GatewayAddress gateway, Path directory, Resources offered, Asks asks, ProviderPolicy policy) {
  /// An agent that takes every module without network access.
  public static AgentConfig of(GatewayAddress gateway, Path directory, Resources offered, Asks asks) {
    return new AgentConfig(gateway, directory, offered, asks, ProviderPolicy.OPEN);
  }

  /// The terms that a resource offer says.
  ///
  /// @param perGpuSecond for one GPU
  /// @param perCoreSecond for 1000 milli-CPU
  /// @param maxCollateral the most at stake for one deal
  /// @param maxReviewSeconds the longest review waited for
  /// @param offerSeconds how long an offer stands
  public record Asks(Lp perGpuSecond, Lp perCoreSecond, Lp maxCollateral, int maxReviewSeconds, long offerSeconds) {
    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException if an offer would not stand for a minute
    public Asks {
      if (offerSeconds < 60) {
        throw new IllegalArgumentException("offerSeconds: " + offerSeconds + " (expected: >= 60)");
      }
    }
  }
}
