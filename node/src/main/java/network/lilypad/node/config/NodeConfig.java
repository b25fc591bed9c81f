package network.lilypad.node.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// What a node is told at its start. Checked when it was read; `reference.conf` documents every key.
///
/// @param dataDir everything the node keeps
/// @param gateway the public port
/// @param askTimeout how long a call waits for an entity or the ledger
/// @param management the operator's port; empty when switched off
/// @param faucetLimit the most one faucet call gives
/// @param market the market this node makes
/// @param solverKeyFile where the solver's private key is
/// @param limits bounds
/// @param agent what a provider agent offers by default
/// @param files where large content lies
public record NodeConfig(Path dataDir, Listener gateway, Duration askTimeout, List<Listener> management, Lp faucetLimit,
    Market market, Path solverKeyFile, Limits limits, Agent agent, FilesConfig files) {

  /// A port to listen at.
  ///
  /// @param host a name or address
  /// @param port 0 takes a free one
  /// @param tls certificate and key; empty: plain text, on loopback only
  public record Listener(String host, int port, List<Tls> tls) {
    /// Whether only this machine can reach it.
    public boolean loopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException _) {
        return false;
      }
    }
  }

  /// PEM files.
  ///
  /// @param cert a certificate chain
  /// @param key its PKCS#8 private key
  public record Tls(Path cert, Path key) {}

  /// A market.
  ///
  /// @param name 1 to 128 characters
  /// @param minimumCharge the smallest price of a deal
  public record Market(String name, Lp minimumCharge) {
    /// The market's id: the keccak-256 of its name.
    public Bytes32 id() {
      return Keccak256.hash(name);
    }
  }

  /// Bounds; each is documented in `reference.conf` with its reason.
  ///
  /// @param contentBytes the largest program, input tree or result
  /// @param treeEntries files and directories in one tree
  /// @param storeBytes all content together
  /// @param unsettledJobs of one creator
  /// @param watchers live watches
  /// @param agents live sessions
  /// @param connections open connections
  /// @param calls blocking calls at work
  /// @param nonces remembered request nonces
  public record Limits(long contentBytes, int treeEntries, long storeBytes, int unsettledJobs, int watchers, int agents,
      int connections, int calls, int nonces) {}

  /// What a provider agent offers by default.
  ///
  /// @param offered zero in a dimension: all there is
  /// @param askPerCoreSecond for 1000 milli-CPU
  /// @param askPerGpuSecond for one GPU
  /// @param maxCollateral the most at stake for one deal
  /// @param maxReviewSeconds the longest review waited for
  /// @param offerValidity how long a signed offer stands
  /// @param diskReserveMib what of the disk is never promised to jobs; 0: the usual
  /// @param policy what its owner lets run
  /// @param docker its container engine
  public record Agent(Resources offered, Lp askPerCoreSecond, Lp askPerGpuSecond, Lp maxCollateral,
      int maxReviewSeconds, Duration offerValidity, long diskReserveMib, Policy policy, Docker docker) {}

  /// A container engine.
  ///
  /// @param enabled whether it is used where it answers
  /// @param host its socket; empty: the usual one
  /// @param credentials folder of a Docker `config.json`; empty: the user's own
  /// @param imageBytesMax the largest image that is pulled
  /// @param imageKeep how long an image is kept after its last job
  public record Docker(boolean enabled, String host, String credentials, long imageBytesMax, Duration imageKeep) {}

  /// What a provider's owner lets run; each is documented in `reference.conf`.
  ///
  /// @param allow patterns of the only modules; empty: all
  /// @param deny patterns of modules that never run
  /// @param minPrice the smallest price of a deal
  /// @param maxRunSeconds the longest run
  /// @param network the most a job may reach
  /// @param hosts patterns of the only hosts; empty: any
  /// @param gpus the most GPUs sold together
  /// @param deals the most at a time
  /// @param stopGrace how long running deals may end when the process is asked to stop
  /// @param retries how often a run is tried that the machine failed, by module, the first pattern that fits
  /// @param prefetch images to have before the first job
  public record Policy(List<String> allow, List<String> deny, Lp minPrice, int maxRunSeconds, NetworkPolicy network,
      List<String> hosts, int gpus, int deals, Duration stopGrace, List<Retry> retries, List<String> prefetch) {}

  /// How often a run of some modules is tried that the machine failed.
  ///
  /// @param modules a pattern of their names
  /// @param attempts in all, 1 or more
  public record Retry(String modules, int attempts) {}

  /// The same node with another gateway port and data directory: for several nodes on one machine, and for tests.
  ///
  /// @param port 0 takes a free one
  public NodeConfig at(Path otherDataDir, int port) {
    return new NodeConfig(otherDataDir, new Listener(gateway.host, port, gateway.tls), askTimeout, List.of(),
        faucetLimit, market, otherDataDir.resolve("keys").resolve("solver.key"), limits, agent, files);
  }
}
