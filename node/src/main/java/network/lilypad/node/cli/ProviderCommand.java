package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.executor.docker.ImageRule;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.agent.Globs;
import network.lilypad.node.agent.ProviderPolicy;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lilypad provider`: this machine earns LP.
@CommandLine.Command(name = "provider", description = "Offer this machine to a market until Ctrl-C.",
    footer = {"", "Exit codes: 0 stopped in order, or drained; 125 it cannot start, or did not stop",
        "in order; 126 the configuration is refused, or another one runs in the data",
        "directory."})
final class ProviderCommand extends Command {
  @Option(names = "--ask-per-core-second", paramLabel = "LP",
      description = "Asked for one core for one second (default: configuration).")
  private @Nullable String askPerCoreSecond;

  @Option(names = "--ask-per-gpu-second", paramLabel = "LP",
      description = "Asked for one GPU for one second (default: configuration).")
  private @Nullable String askPerGpuSecond;

  @Option(names = "--offer-cpu", paramLabel = "MILLI", defaultValue = "0",
      description = "The most milli-CPU to offer; 0: all.")
  private int offerCpu;

  @Option(names = "--offer-ram", paramLabel = "MIB", defaultValue = "0",
      description = "The most MiB to offer; 0: all.")
  private long offerRam;

  @Mixin
  private Configuration configuration = new Configuration();

  ProviderCommand(Terminal terminal) {
    super(terminal);
  }

  /// All of it for picocli.
  static CommandLine create(Terminal terminal) {
    return new CommandLine(new ProviderCommand(terminal)).addSubcommand(new ProviderDrain(terminal))
        .addSubcommand(new ProviderDoctor(terminal)).addSubcommand(new ProviderEarnings(terminal));
  }

  private static void requireAmount(String option, long amount) {
    if (amount < 0) {
      throw FailureException.usage(option + " " + amount + " (expected: 0 or more)", "lilypad provider --help");
    }
  }

  /// Where the agent of a data directory keeps everything.
  static Path directory(Path dataDir) {
    return dataDir.resolve("provider");
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    var config = config(common().gateway(terminal()));
    var file = WalletFile.provider(common().dataDir(terminal()));
    boolean fresh = !file.exists();
    var wallet = fresh ? file.create() : file.load();
    if (fresh) {
      screen.stage("🔑", "made a provider wallet: " + wallet.address() + ", its key is in " + file.file(),
          Screen.event("wallet").put("address", wallet.address().toString()).put("file", file.file().toString()));
    }
    screen.waiting("putting this machine into the market at " + config.gateway());
    try (var signal = new StopSignal(config.policy().upkeep().stopGrace());
        var process = ProviderProcess.start(config, wallet, screen)) {
      process.whenDrained(signal::ask);
      signal.await();
      return ExitCode.OK;
    }
  }

  private AgentConfig config(GatewayAddress gateway) {
    requireAmount("--offer-cpu", offerCpu);
    requireAmount("--offer-ram", offerRam);
    var dataDir = common().dataDir(terminal());
    var directory = directory(dataDir);
    var basic = of(configuration.read(dataDir, Map.of(), terminal()).agent(), gateway, directory);
    var asks = basic.asks();
    return new AgentConfig(gateway, directory,
        new Resources(offerCpu == 0 ? basic.offered().milliCpu() : offerCpu, 0, basic.offered().gpuModel(), 0,
            offerRam == 0 ? basic.offered().ramMib() : offerRam, basic.offered().diskMib()),
        new AgentConfig.Asks(askPerGpuSecond == null ? asks.perGpuSecond() : Lp.parse(askPerGpuSecond),
            askPerCoreSecond == null ? asks.perCoreSecond() : Lp.parse(askPerCoreSecond), asks.maxCollateral(),
            asks.maxReviewSeconds(), asks.offerSeconds()),
        basic.policy(), basic.docker());
  }

  /// The agent that a node's configuration describes.
  static AgentConfig of(NodeConfig.Agent agent, GatewayAddress gateway, Path directory) {
    return new AgentConfig(gateway, directory, agent.offered(), new AgentConfig.Asks(agent.askPerGpuSecond(),
        agent.askPerCoreSecond(), agent.maxCollateral(), agent.maxReviewSeconds(), agent.offerValidity().toSeconds()),
        policy(agent), docker(agent.docker()));
  }

  /// The container engine that a configuration describes.
  static AgentConfig.Docker docker(NodeConfig.Docker said) {
    return new AgentConfig.Docker(said.enabled(), said.host(), said.credentials(),
        new ImageRule(said.imageBytesMax(), said.imageKeep(), Optional.empty()));
  }

  private static ProviderPolicy policy(NodeConfig.Agent agent) {
    var said = agent.policy();
    return new ProviderPolicy(
        new ProviderPolicy.Modules(new Globs(said.allow()), new Globs(said.deny())), said.minPrice(),
        said.maxRunSeconds(), said.network(), new Globs(said.hosts()), said.gpus(), said.deals(),
        new ProviderPolicy.Upkeep(said.stopGrace(), said.retries().stream()
            .map(retry -> new ProviderPolicy.Retry(new Globs(List.of(retry.modules())), retry.attempts())).toList(),
            said.prefetch(), agent.diskReserveMib()));
  }
}
