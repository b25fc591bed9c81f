package network.lilypad.node.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.client.MarketClient;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.value.JobId;

/// Says why a job has no machine while it waits for one, so that nobody sits before a silent screen until the offer
/// runs out. Says nothing twice, and nothing while some machine matches. Thread-safe.
final class NoMatchYet implements AutoCloseable {
  /// A match takes milliseconds; one that has not come by now may not come.
  private static final Duration FIRST_AFTER = Duration.ofSeconds(5);
  /// Machines come and go.
  private static final Duration THEN_EVERY = Duration.ofSeconds(30);

  private final Supplier<Explanation> explain;
  private final Screen screen;
  private final ScheduledExecutorService timer;
  private final Duration first;
  private final Duration then;
  private Future<?> looks = CompletableFuture.completedFuture(null);
  /// Grows with each wait that begins or ends: what was asked in an earlier one is old.
  private long wait;
  private long until;
  private String said = "";

  /// @param explain asks the market
  /// @param first how long after the wait has begun it is asked
  /// @param then how often it is asked again while the wait goes on
  NoMatchYet(Supplier<Explanation> explain, Screen screen, Duration first, Duration then) {
    this.explain = explain;
    this.screen = screen;
    this.timer = Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("no-match-yet").factory());
    this.first = first;
    this.then = then;
  }

  static NoMatchYet of(MarketClient market, JobId job, Screen screen) {
    return new NoMatchYet(() -> market.explain(job), screen, FIRST_AFTER, THEN_EVERY);
  }

  /// Takes note of what happens to the job.
  synchronized void heard(JobEvent event) {
    switch (event.getEventCase()) {
      case SUBMITTED -> {
        until = event.getSubmitted().getOffer().getValidUntil();
        begin();
      }
      case ATTEMPT_LOST -> begin();
      case MATCHED, ENDED -> end();
      default -> {}
    }
  }

  private void end() {
    wait++;
    looks.cancel(false);
  }

  private void begin() {
    end();
    long mine = wait;
    looks = timer.scheduleWithFixedDelay(() -> look(mine), first.toMillis(), then.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(long mine) {
    try {
      say(mine, explain.get());
    } catch (GatewayRefusedException | GatewayUnavailableException _) {
      // whoever watches the job says that the gateway is away
    }
  }

  private synchronized void say(long mine, Explanation why) {
    var text = JobOutcome.line(why);
    if (mine == wait && why.getMatching() == 0 && !text.equals(said)) {
      said = text;
      screen.stage("🔎", "no machine takes it now: " + text + (until == 0 ? ""
          : "; waiting until " + Instant.ofEpochSecond(until)), JobOutcome.object("no_match_yet", why));
    }
  }

  @Override public void close() {
    timer.shutdownNow();
  }
}
