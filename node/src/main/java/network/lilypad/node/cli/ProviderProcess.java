package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.stream.Collectors;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.agent.GpuEngine;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.sign.Wallet;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// An agent, its engine and the actor system they live in.
final class ProviderProcess implements AutoCloseable {
  /// No agent at all.
  static final ProviderProcess NONE = new ProviderProcess(Optional.empty());
  /// A gateway that has not taken the machine by then says why in the log.
  private static final int LISTED_SECONDS_MAX = 30;

  private final Optional<Parts> parts;

  private record Parts(ActorSystem<Void> system, GpuEngine engine, ProviderAgent agent, CompletionStage<Void> told,
      Screen screen, Duration grace) {}

  private ProviderProcess(Optional<Parts> parts) {
    this.parts = parts;
  }

  /// Starts an agent and says when its machine is in the market.
  static ProviderProcess start(AgentConfig config, Wallet wallet, Screen screen) throws IOException {
    var clock = new LedgerClock(InstantSource.system());
    var system = ActorSystem.<Void>create(Behaviors.empty(), "lilypad-provider", ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.loglevel = WARNING
        pekko.stdout-loglevel = OFF
        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
        pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
        pekko.jvm-shutdown-hooks = off
        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
        """).withFallback(ConfigFactory.defaultReference()));
    var engine = GpuEngine.open(system, config, wallet.address(), clock);
    var agent = ProviderAgent.start(config, wallet, engine, clock);
    var told = agent.listed().thenAccept(machine -> screen.stage("🟢",
        "machine " + machine.toString().substring(2, 10) + " of provider " + wallet.address()
            + " is in the market, with "
            + String.join(" and ", engine.descriptions()) + gpus(engine.gpus()),
        listed(machine.toString(), wallet, engine)));
    return new ProviderProcess(Optional.of(
        new Parts(system, engine, agent, told, screen, config.policy().upkeep().stopGrace())));
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
    parts.ifPresent(open -> open.agent().drained().thenAccept(machine -> {
      open.screen().stage("🪴",
          "drained: no deal needs this machine any more; lilypad provider drain --undo sells it again",
          Screen.event("drained").put("machine", machine.toString()));
      then.run();
    }));
  }

  private static ObjectNode listed(String machine, Wallet wallet, GpuEngine engine) {
    var event = Screen.event("listed").put("machine", machine).put("provider", wallet.address().toString())
        .put("gpus", engine.gpus().gpus().size());
    engine.descriptions().forEach(event.putArray("engines")::add);
    return event;
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
        open.screen().stage("⏸️", left + " deals have not ended; they go on when this machine is back",
            Screen.event("interrupted").put("deals", left));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override public void close() {
    parts.ifPresent(open -> {
      drain(open);
      open.agent().close();
      open.engine().close();
      open.system().terminate();
    });
  }
}
