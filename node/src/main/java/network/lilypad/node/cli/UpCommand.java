package network.lilypad.node.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.node.up.Node;
import network.lilypad.node.up.NodeFacts;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Lp;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lilypad up`: a whole market on this machine, with this machine as its first provider.
@CommandLine.Command(name = "up",
    description = "Run a whole market on this machine until Ctrl-C: node, ledger, provider.",
    footer = {"", "Exit codes: 0 stopped in order; 125 it cannot start, such as while another one",
        "runs in the data directory, or did not stop in order; 126 the configuration is",
        "refused."})
final class UpCommand extends Command {
  /// Collateral for many small deals.
  private static final Lp PROVIDER_FUNDS = Lp.of(100);
  private static final int PORT_MAX = 65_535;

  @Option(names = "--port", paramLabel = "PORT",
      description = "The gateway's port; 0 takes a free one (default: configuration).")
  private @Nullable Integer port;

  @Mixin
  private Configuration configuration = new Configuration();

  @Option(names = "--no-provider",
      description = "Only the market, without this machine as a provider.")
  private boolean noProvider;

  UpCommand(Terminal terminal) {
    super(terminal, new CommonOptions());
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    screen.waiting("starting");
    var config = config();
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    try (var signal = new StopSignal(config.agent().policy().stopGrace())) {
      try (var _ = Node.start(config, started -> facts.set(Optional.of(started)));
          var _ = provider(config, known(facts), screen)) {
        ready(known(facts), screen);
        signal.await();
        screen.stage("👋", "stopping", Screen.event("stopping"));
      }
      screen.stage("🌙", "stopped", Screen.event("stopped"));
      return ExitCode.OK;
    }
  }

  private static NodeFacts known(AtomicReference<Optional<NodeFacts>> facts) {
    return facts.get().orElseThrow(() -> new Defect("node: started without its facts"));
  }

  private NodeConfig config() {
    var options = new HashMap<String, Object>();
    if (port != null) {
      if (port < 0 || port > PORT_MAX) {
        throw FailureException.usage("--port: " + port + " (expected: 0 to " + PORT_MAX + ")", "lilypad up --help");
      }
      // A second market on this machine: its operator's port must not be the first one's.
      options.put("lilypad.gateway.port", port);
      options.put("lilypad.management.port", 0);
    }
    return configuration.read(common().dataDir(terminal()), options, terminal());
  }

  private static GatewayAddress address(NodeFacts facts) {
    return new GatewayAddress(facts.gateway().getAddress().getHostAddress(), facts.gateway().getPort(), facts.tls());
  }

  private ProviderProcess provider(NodeConfig config, NodeFacts facts, Screen screen)
      throws IOException, InterruptedException {
    if (noProvider) {
      return ProviderProcess.NONE;
    }
    var file = WalletFile.provider(config.dataDir());
    var wallet = file.exists() ? file.load() : file.create();
    fund(address(facts), wallet);
    AgentConfig agent = ProviderCommand.of(config.agent(), address(facts), config.dataDir().resolve("provider"));
    var process = ProviderProcess.start(agent, wallet, screen);
    process.awaitListed();
    return process;
  }

  private static void fund(GatewayAddress gateway, Wallet wallet) {
    try (var connection = Connection.open(gateway, wallet)) {
      if (connection.embedded() && connection.market().balance().getFree() < PROVIDER_FUNDS.gwei()) {
        connection.market().faucet(PROVIDER_FUNDS, new SecureRandom().nextLong(Long.MAX_VALUE));
      }
    }
  }

  private void ready(NodeFacts facts, Screen screen) {
    var gateway = address(facts);
    boolean usual = gateway.port() == GatewayAddress.PORT_DEFAULT;
    var options = (usual ? "" : " --gateway " + gateway)
        + (common().dataDirNamed() ? " --data-dir " + facts.dataDir() : "");
    screen.waiting("");
    screen.stage("🍃", """
        ready: a market at %s, its data in %s
          run a job      lilypad run cowsay:v0.0.4 -i Message=moo%s
          your jobs      lilypad jobs list%s
          your balance   lilypad wallet balance%s
          check things   lilypad doctor%s
          stop           Ctrl-C""".formatted(gateway, facts.dataDir(), options, options, options, options),
        Screen.event("ready").put("gateway", gateway.toString()).put("data_dir", facts.dataDir().toString())
            .put("solver", facts.solver().toString()).put("pid", ProcessHandle.current().pid()));
  }
}
