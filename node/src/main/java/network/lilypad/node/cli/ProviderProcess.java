package network.lilypad.node.cli;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.InstantSource;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.agent.AgentNews;
import network.lilypad.node.agent.GpuEngine;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.files.HeldDirectory;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.LoggerFactory;

/// An agent, its engine and the actor system they live in.
final class ProviderProcess implements AutoCloseable {
  /// No agent at all.
  static final ProviderProcess NONE = new ProviderProcess(Optional.empty());
  /// A gateway that has not taken the machine by then says why in the log.
  private static final int LISTED_SECONDS_MAX = 60;

  private final Optional<Parts> parts;
  private final AtomicBoolean closed = new AtomicBoolean();

  private record Parts(HeldDirectory directory, ActorSystem<Void> system, GpuEngine engine, ProviderAgent agent,
      CompletionStage<Void> told, Screen screen, Duration grace) {}

  private ProviderProcess(Optional<Parts> parts) {
    this.parts = parts;
  }

  /// Starts an agent and says when its machine is in the market, and whether it stays there.
  ///
  /// @throws FailureException if another one works in its directory
  static ProviderProcess start(AgentConfig config, Wallet wallet, Screen screen) throws IOException {
    HeldDirectory directory;
    try {
      directory = HeldDirectory.take(config.directory(), "agent");
    } catch (HeldDirectory.TakenException e) {
      throw new FailureException(ExitCode.REFUSED, "provider-running", String.valueOf(e.getMessage()),
          "stop it first, or rent this machine out from another --data-dir");
    }
    try {
      return start(directory, config, wallet, screen);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static ProviderProcess start(HeldDirectory directory, AgentConfig config, Wallet wallet, Screen screen)
      throws IOException {
    // Threads that log while logging begins are complained of.
    var _ = LoggerFactory.getILoggerFactory();
    var clock = new LedgerClock(InstantSource.system());
    var system = ActorSystem.<Void>create(Behaviors.empty(), "lilypad-provider", ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.loglevel = WARNING
        pekko.stdout-loglevel = OFF
        pekko.logger-startup-timeout = 60s
        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
        pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
        pekko.jvm-shutdown-hooks = off
        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
        """).withFallback(ConfigFactory.defaultReference()));
    var engine = GpuEngine.open(system, config, wallet.address(), clock);
    config.unreachable(Runtime.getRuntime().availableProcessors(), engine.gpusFound()).ifPresent(why -> {
      engine.close();
      system.terminate();
      throw new FailureException(ExitCode.REFUSED, "configuration", why, AgentConfig.reachableAgain());
    });
    var agent = ProviderAgent.start(config, wallet, engine, clock, news -> say(news, config, screen));
    var told = agent.listed()
        .thenAccept(machine -> listed(machine, wallet, engine, ProviderAgent.draining(config.directory()), screen));
    return new ProviderProcess(Optional.of(
        new Parts(directory, system, engine, agent, told, screen, config.policy().upkeep().stopGrace())));
  }

  private static void listed(Bytes32 machine, Wallet wallet, GpuEngine engine, boolean draining, Screen screen) {
    var event = Screen.event("listed").put("machine", machine.toString()).put("provider", wallet.address().toString())
        .put("gpus", engine.gpus().gpus().size()).put("draining", draining);
    engine.descriptions().forEach(event.putArray("engines")::add);
    var which = "machine " + machine.toString().substring(2, 10) + " of provider " + wallet.address();
    screen.waiting("");
    screen.stage(draining ? "🪴" : "🟢", draining
        ? which + " takes no new deals, as its owner ordered; lilypad provider drain --undo sells it again"
        : which + " is in the market, with " + String.join(" and ", engine.descriptions()) + gpus(engine.gpus()),
        event);
  }

  private static void say(AgentNews news, AgentConfig config, Screen screen) {
    switch (news) {
      case AgentNews.OutOfMarket(var why) -> screen.stage("🟠",
          "this machine is not in the market at " + config.gateway() + ": " + why + "; it goes on trying",
          Screen.event("out_of_market").put("gateway", config.gateway().toString()).put("why", why));
      case AgentNews.BackInMarket _ -> screen.stage("🟢", "this machine is in the market again",
          Screen.event("back_in_market").put("gateway", config.gateway().toString()));
      case AgentNews.Drained(var machine) -> screen.stage("🪴",
          "drained: no deal needs this machine any more; lilypad provider drain --undo sells it again",
          Screen.event("drained").put("machine", machine.toString()));
      case AgentNews.Undrained(var machine) -> screen.stage("🟢", "this machine takes new deals again",
          Screen.event("undrained").put("machine", machine.toString()));
    }
  }

  private static String gpus(GpuFleet fleet) {
    var byModel = fleet.gpus().stream().collect(Collectors.groupingBy(
        gpu -> gpu.model() + " (" + gpu.vramMib() + " MiB)", TreeMap::new, Collectors.counting()));
    return byModel.isEmpty() ? ""
        : ", with GPUs: " + byModel.entrySet().stream().map(entry -> entry.getValue() + " x " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  /// Does something when the owner's order to drain has been obeyed.
  void whenDrained(Runnable then) {
    parts.ifPresent(open -> open.agent().drained().thenAccept(_ -> then.run()));
  }

  /// Waits until a gateway has taken the machine.
  ///
  /// @throws FailureException if it will not, or not in time
  void awaitListed() throws InterruptedException {
    try {
      if (parts.isPresent()) {
        parts.get().told().toCompletableFuture().get(LISTED_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw FailureException.ours("provider-refused", String.valueOf(e.getCause()), "lilypad doctor");
    } catch (TimeoutException _) {
      throw FailureException.ours("provider-not-listed",
          "the gateway did not take this machine within " + LISTED_SECONDS_MAX + " s", "run again with --verbose");
    }
  }

  private static void drain(Parts open) {
    try {
      int left = open.agent().drain(open.grace());
      if (left > 0) {
        open.screen().stage("⏸️", unended(left),
            Screen.event("interrupted").put("deals", left));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// What runs in a container stands still until then; what does not begins anew.
  static String unended(int deals) {
    return (deals == 1 ? "1 deal has not ended; it goes" : deals + " deals have not ended; they go")
        + " on when this machine is back, if that is in time for the lease";
  }

  @Override public void close() {
    parts.filter(_ -> closed.compareAndSet(false, true)).ifPresent(open -> {
      drain(open);
      open.agent().close();
      open.engine().close();
      open.system().terminate();
      open.directory().close();
    });
  }
}
