package network.lilypad.node.cli;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.agent.GpuEngine;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `lilypad provider`: this machine earns LP.
@CommandLine.Command(name = "provider", description = "Offer this machine to a market until Ctrl-C.")
final class ProviderCommand extends Command {
  @Option(names = "--ask-per-core-second", paramLabel = "LP", description = "Asked for one core for one second (default: configuration).") private @Nullable String askPerCoreSecond;

  @Option(names = "--offer-cpu", paramLabel = "MILLI", defaultValue = "0", description = "The most milli-CPU to offer; 0: all.") private int offerCpu;

  @Option(names = "--offer-ram", paramLabel = "MIB", defaultValue = "0", description = "The most MiB to offer; 0: all.") private long offerRam;

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
    var config = config(common().gateway(terminal()));
    var system = ActorSystem.create(Behaviors.empty(), "lilypad-provider",
        ConfigFactory.parseString("pekko.loglevel = WARNING\npekko.stdout-loglevel = OFF"));
    try (var _ = serve(config, wallet, system, screen)) {
      untilInterrupted();
      return ExitCode.OK;
    } finally {
      system.terminate();
    }
  }

  private AgentConfig config(GatewayAddress gateway) {
    var overrides = ConfigFactory.parseMap(
        java.util.Map.of("lilypad.data-dir", common().dataDir(terminal()).toString()));
    var agent = ConfigReader.of(overrides).read().agent();
    var directory = common().dataDir(terminal()).resolve("provider");
    var basic = of(agent, gateway, directory);
    return AgentConfig.of(gateway, directory,
        new Resources(offerCpu == 0 ? basic.offered().milliCpu() : offerCpu, 0, basic.offered().gpuModel(), 0,
            offerRam == 0 ? basic.offered().ramMib() : offerRam, basic.offered().diskMib()),
        new AgentConfig.Asks(basic.askPerGpuSecond(),
            askPerCoreSecond == null ? basic.askPerCoreSecond() : Lp.parse(askPerCoreSecond), basic.maxCollateral(),
            basic.maxReviewSeconds(), basic.offerSeconds()));
  }

  /// The agent that a node's configuration describes.
  static AgentConfig of(NodeConfig.Agent agent, GatewayAddress gateway, java.nio.file.Path directory) {
    return AgentConfig.of(gateway, directory, agent.offered(), new AgentConfig.Asks(agent.askPerGpuSecond(),
        agent.askPerCoreSecond(), agent.maxCollateral(), agent.maxReviewSeconds(), agent.offerValidity().toSeconds()));
  }

  /// Starts an agent and says when it is in the market.
  static AutoCloseableQuietly serve(AgentConfig config, Wallet wallet, ActorSystem<?> system, Screen screen)
      throws IOException {
    var clock = new LedgerClock(InstantSource.system());
    var engine = GpuEngine.open(system, config, wallet.address(), clock);
    var agent = ProviderAgent.start(config, wallet, engine, clock);
    agent.listed().thenAccept(machine -> screen.stage("🟢",
        "machine " + machine.toString().substring(2, 10) + " is in the market at " + config.gateway(),
        Screen.event("listed").put("machine", machine.toString()).put("provider", wallet.address().toString())))
        .exceptionally(e -> {
          screen.failure(FailureException.ours("provider-refused", String.valueOf(e.getMessage()), "lilypad doctor"),
              false);
          return null;
        });
    return () -> {
      agent.close();
      engine.close();
    };
  }

  /// Closes without an exception of its own.
  @FunctionalInterface
  interface AutoCloseableQuietly extends AutoCloseable {
    @Override void close();
  }

  /// Waits for Ctrl-C, then lets the caller end in order before the process does.
  static void untilInterrupted() throws InterruptedException {
    var stop = new CountDownLatch(1);
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
      stop.countDown();
      joined(main);
    }));
    stop.await();
  }

  /// An orderly end takes seconds; a process that hangs is worse than an abrupt one.
  private static void joined(Thread main) {
    try {
      main.join(java.time.Duration.ofSeconds(20));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
