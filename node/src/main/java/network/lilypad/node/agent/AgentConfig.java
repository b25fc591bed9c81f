package network.lilypad.node.agent;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import network.lilypad.executor.docker.DockerSetting;
import network.lilypad.executor.docker.ImageRule;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// What a provider's agent offers, and on which terms.
///
/// @param gateway where it dials
/// @param directory where it keeps its machine id, session number and spool
/// @param offered the most it sells; zero in a dimension: all there is
/// @param asks what it asks and bears
/// @param policy what its owner lets run
/// @param docker its container engine
public record AgentConfig(GatewayAddress gateway, Path directory, Resources offered, Asks asks, ProviderPolicy policy,
    Docker docker) {
  /// An agent that takes every module without network access.
  public static AgentConfig of(GatewayAddress gateway, Path directory, Resources offered, Asks asks) {
    return new AgentConfig(gateway, directory, offered, asks, ProviderPolicy.OPEN, Docker.USUAL);
  }

  /// The same agent with another container engine.
  public AgentConfig with(Docker containers) {
    return new AgentConfig(gateway, directory, offered, asks, policy, containers);
  }

  /// Why its owner's smallest price can never be reached: by the asks, all of the machine costs less for the longest
  /// run. Empty if it can.
  ///
  /// @param cores of the machine
  /// @param gpus of the machine that are for jobs
  public Optional<String> unreachable(int cores, int gpus) {
    long milliCpu = offered.milliCpu() == 0 ? cores * 1000L : Math.min(offered.milliCpu(), cores * 1000L);
    var most = asks.most(milliCpu, gpus, policy.maxRunSeconds());
    return most.covers(policy.minPrice()) ? Optional.empty()
        : Optional.of("lilypad.agent.policy.min-price: " + policy.minPrice() + " (expected: at most " + most
            + ", what all of this machine costs for the longest run: " + cores + " cores at ask-per-core-second "
            + asks.perCoreSecond() + ", " + gpus + " GPUs at ask-per-gpu-second " + asks.perGpuSecond() + ")");
  }

  /// What [#unreachable] is mended with.
  public static String reachableAgain() {
    return "lower lilypad.agent.policy.min-price, or raise lilypad.agent.ask-per-core-second or ask-per-gpu-second";
  }

  /// How an agent uses a container engine.
  ///
  /// @param enabled whether jobs in containers are taken where the engine answers
  /// @param host its socket, `unix:///path`; empty: `DOCKER_HOST`, else the usual one
  /// @param credentials folder of the `config.json` with passwords of registries; empty: `DOCKER_CONFIG`, else the
  ///     user's own
  /// @param images what they may take of the disk; what the agent's directory notes of them decides which go
  public record Docker(boolean enabled, String host, String credentials, ImageRule images) {
    /// What Docker's own tools would use.
    public static final Docker USUAL = new Docker(true, "", "");

    private static final String HOST = "DOCKER_HOST";
    private static final String HERE = "unix:///";

    /// With the usual rule for images.
    public Docker(boolean enabled, String host, String credentials) {
      this(enabled, host, credentials, ImageRule.USUAL);
    }

    /// Why there are no containers although they are not switched off: where no socket is configured, `DOCKER_HOST`
    /// names an engine elsewhere, which cannot share folders with this machine. Empty if nothing is in the way.
    ///
    /// @param environment of the process
    public String obstacle(Map<String, String> environment) {
      var named = environment.getOrDefault(HOST, "");
      boolean elsewhere = host.isEmpty() && !named.isBlank()
          && (!named.startsWith(HERE) || named.length() == HERE.length());
      return elsewhere
          ? "no containers: " + HOST + " is " + named + " (expected: unix:///path, a socket of this machine)"
          : "";
    }

    /// What [#obstacle] is mended with.
    public static String remedy() {
      return "unset " + HOST + ", or name a socket with lilypad.agent.docker.host in lilypad.conf";
    }

    /// @param owner whose containers they are
    /// @param network the most a job may reach
    /// @param environment of the process
    /// @throws IllegalArgumentException if the engine is not on this machine
    public DockerSetting setting(String owner, NetworkPolicy network, Map<String, String> environment) {
      var named = environment.getOrDefault(HOST, "");
      var usual = named.isBlank() ? DockerSetting.ENGINE_DEFAULT : URI.create(named);
      return new DockerSetting(host.isEmpty() ? usual : URI.create(host), owner, network, credentials.isEmpty()
          ? DockerSetting.credentialsOf(environment.get("DOCKER_CONFIG"))
          : Path.of(credentials)).with(images);
    }
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

    /// The most that a job can cost by them, which pays for GPUs or else for cores; no more than all LP there is.
    Lp most(long milliCpu, int gpus, int seconds) {
      var byCore = gwei(perCoreSecond, milliCpu, seconds).add(BigInteger.valueOf(999)).divide(BigInteger.valueOf(1000));
      var most = byCore.max(gwei(perGpuSecond, gpus, seconds)).min(BigInteger.valueOf(Lp.MAX_GWEI));
      return Lp.gwei(most.longValueExact());
    }

    private static BigInteger gwei(Lp ask, long units, int seconds) {
      return BigInteger.valueOf(ask.gwei()).multiply(BigInteger.valueOf(units)).multiply(BigInteger.valueOf(seconds));
    }
  }
}
