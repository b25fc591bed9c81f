package network.lilypad.node.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import network.lilypad.executor.docker.DockerSetting;
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

  /// How an agent uses a container engine.
  ///
  /// @param enabled whether jobs in containers are taken where the engine answers
  /// @param host its socket, `unix:///path`; empty: `DOCKER_HOST`, else the usual one
  /// @param credentials folder of the `config.json` with passwords of registries; empty: `DOCKER_CONFIG`, else the user's own
  public record Docker(boolean enabled, String host, String credentials) {
    /// What Docker's own tools would use.
    public static final Docker USUAL = new Docker(true, "", "");

    private static final String HOST = "DOCKER_HOST";
    private static final String HERE = "unix:///";

    /// Why there are no containers although they are not switched off: where no socket is configured, `DOCKER_HOST` names an
    /// engine elsewhere, which cannot share folders with this machine. Empty if nothing is in the way.
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
          : Path.of(credentials));
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
  }
}
