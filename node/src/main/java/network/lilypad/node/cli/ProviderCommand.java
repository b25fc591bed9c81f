package network.lilypad.node.cli;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `lilypad provider`: this machine earns LP.
@CommandLine.Command(name = "provider", description = "Offer this machine to a market until Ctrl-C.")
final class ProviderCommand extends Command {
  @Option(names = "--ask-per-core-second", paramLabel = "LP",
      description = "Asked for one core for one second (default: configuration).")
  private @Nullable String askPerCoreSecond;

  @Option(names = "--offer-cpu", paramLabel = "MILLI", defaultValue = "0",
      description = "The most milli-CPU to offer; 0: all.")
  private int offerCpu;

  @Option(names = "--offer-ram", paramLabel = "MIB", defaultValue = "0",
      description = "The most MiB to offer; 0: all.")
  private long offerRam;

  ProviderCommand(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    var file = WalletFile.provider(common().dataDir(terminal()));
    boolean fresh = !file.exists();
    var wallet = fresh ? file.create() : file.load();
    if (fresh) {
      screen.stage("🔑", "made a provider wallet: " + wallet.address() + ", its key is in " + file.file(),
          Screen.event("wallet").put("address", wallet.address().toString()).put("file", file.file().toString()));
    }
    try (var signal = new StopSignal();
        var _ = ProviderProcess.start(config(common().gateway(terminal())), wallet, screen)) {
      signal.await();
      return ExitCode.OK;
    }
  }

  private AgentConfig config(GatewayAddress gateway) {
    var overrides = ConfigFactory.parseMap(
        Map.of("lilypad.data-dir", common().dataDir(terminal()).toString()));
    var agent = ConfigReader.of(overrides).read().agent();
    var directory = common().dataDir(terminal()).resolve("provider");
    var basic = of(agent, gateway, directory);
    return AgentConfig.of(gateway, directory,
        new Resources(offerCpu == 0 ? basic.offered().milliCpu() : offerCpu, 0, basic.offered().gpuModel(), 0,
            offerRam == 0 ? basic.offered().ramMib() : offerRam, basic.offered().diskMib()),
        new AgentConfig.Asks(basic.askPerGpuSecond(),
            askPerCoreSecond == null ? basic.askPerCoreSecond() : Lp.parse(askPerCoreSecond), basic.maxCollateral(),
            basic.maxReviewSeconds(), basic.offerSeconds()))
        .with(basic.docker(), basic.network());
  }

  /// The agent that a node's configuration describes.
  static AgentConfig of(NodeConfig.Agent agent, GatewayAddress gateway, Path directory) {
    return AgentConfig.of(gateway, directory, agent.offered(), new AgentConfig.Asks(agent.askPerGpuSecond(),
        agent.askPerCoreSecond(), agent.maxCollateral(), agent.maxReviewSeconds(), agent.offerValidity().toSeconds()))
        .with(new AgentConfig.Docker(agent.docker().enabled(), agent.docker().host(), agent.docker().credentials()),
            agent.network());
  }
}
