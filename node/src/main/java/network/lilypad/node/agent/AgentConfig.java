package network.lilypad.node.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import network.lilypad.executor.docker.DockerSetting;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// What a provider's agent offers, and on which terms.
///
/// @param gateway where it dials
/// @param directory where it keeps its machine id, session number and spool
/// @param offered the most it sells; zero in a dimension: all there is
/// @param askPerGpuSecond for one GPU
/// @param askPerCoreSecond for 1000 milli-CPU
/// @param maxCollateral the most at stake for one deal
/// @param maxReviewSeconds the longest review waited for
/// @param maxRunSeconds the longest run taken
/// @param offerSeconds how long a signed offer stands, at least 60
/// @param network the most a job may reach
/// @param docker the container engine
/// @param allowedModules digests of the only job specs it takes; empty: all
/// @param deniedModules digests of job specs it does not take
public record AgentConfig(GatewayAddress gateway, Path directory, Resources offered, Lp askPerGpuSecond,
    Lp askPerCoreSecond, Lp maxCollateral, int maxReviewSeconds, int maxRunSeconds, long offerSeconds,
    NetworkPolicy network, Docker docker, List<Bytes32> allowedModules, List<Bytes32> deniedModules) {
  /// The most modules a policy may name: agent.proto's bound.
  public static final int MODULES_MAX = 1024;
  /// A week, like the longest module.
  public static final int RUN_SECONDS_DEFAULT = 7 * 24 * 3600;

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if one is passed
  public AgentConfig {
    require(maxRunSeconds >= 1, "maxRunSeconds", maxRunSeconds, ">= 1");
    require(offerSeconds >= 60, "offerSeconds", offerSeconds, ">= 60");
    require(allowedModules.size() <= MODULES_MAX, "allowedModules", allowedModules.size(), "<= " + MODULES_MAX);
    require(deniedModules.size() <= MODULES_MAX, "deniedModules", deniedModules.size(), "<= " + MODULES_MAX);
    allowedModules = List.copyOf(allowedModules);
    deniedModules = List.copyOf(deniedModules);
  }

  private static void require(boolean holds, String subject, long value, String expectation) {
    if (!holds) {
      throw new IllegalArgumentException(subject + ": " + value + " (expected: " + expectation + ")");
    }
  }

  /// An agent that takes every module without network access.
  ///
  /// @param asks what it asks and bears: per GPU-second, per core-second, collateral
  public static AgentConfig of(GatewayAddress gateway, Path directory, Resources offered, Asks asks) {
    return new AgentConfig(gateway, directory, offered, asks.perGpuSecond(), asks.perCoreSecond(),
        asks.maxCollateral(), asks.maxReviewSeconds(), RUN_SECONDS_DEFAULT, asks.offerSeconds(), NetworkPolicy.NONE,
        Docker.USUAL, List.of(), List.of());
  }

  /// The same agent with another container engine and other reach of its jobs.
  public AgentConfig with(Docker containers, NetworkPolicy reach) {
    return new AgentConfig(gateway, directory, offered, askPerGpuSecond, askPerCoreSecond, maxCollateral,
        maxReviewSeconds, maxRunSeconds, offerSeconds, reach, containers, allowedModules, deniedModules);
  }

  /// How an agent uses a container engine.
  ///
  /// @param enabled whether jobs in containers are taken where the engine answers
  /// @param host its socket, `unix:///path`; empty: `DOCKER_HOST`, else the usual one
  /// @param credentials folder of the `config.json` with passwords of registries; empty: `DOCKER_CONFIG`, else the user's own
  public record Docker(boolean enabled, String host, String credentials) {
    /// What Docker's own tools would use.
    public static final Docker USUAL = new Docker(true, "", "");

    /// @param owner whose containers they are
    /// @param network the most a job may reach
    /// @throws IllegalArgumentException if the engine is not on this machine
    DockerSetting setting(String owner, NetworkPolicy network) {
      var usual = DockerSetting.of(owner);
      return new DockerSetting(host.isEmpty() ? usual.engine() : URI.create(host), owner, network,
          credentials.isEmpty() ? usual.credentials() : Path.of(credentials));
    }
  }

  /// The terms that a resource offer says.
  ///
  /// @param perGpuSecond for one GPU
  /// @param perCoreSecond for 1000 milli-CPU
  /// @param maxCollateral the most at stake for one deal
  /// @param maxReviewSeconds the longest review waited for
  /// @param offerSeconds how long an offer stands
  public record Asks(Lp perGpuSecond, Lp perCoreSecond, Lp maxCollateral, int maxReviewSeconds, long offerSeconds) {}
}
