package network.lilypad.node.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.client.MarketClient;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.value.JobId;

/// Follows a job to its end, over restarts of the gateway: a broken stream goes on at its cursor. For one thread.
final class JobWatch {
  /// What is followed.
  interface Events {
    /// Reads from a cursor on until the stream ends.
    ///
    /// @throws GatewayUnavailableException if it breaks
    void read(String cursor, Consumer<JobEvent> listener);
  }

  /// A gateway that is away longer than this is not coming back while somebody waits.
  static final Duration OUTAGE_MAX = Duration.ofMinutes(15);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
  private static final Duration PAUSE_LONGEST = Duration.ofSeconds(5);

  private final Events events;
  private final Screen screen;
  private final InstantSource clock;
  private String cursor = "";
  private Optional<Job> ended = Optional.empty();
  private Duration pause = PAUSE_FIRST;
  private boolean complete;
  private boolean away;
  private Instant lastWord;

  JobWatch(Events events, Screen screen, InstantSource clock) {
    this.events = events;
    this.screen = screen;
    this.clock = clock;
    this.lastWord = clock.instant();
  }

  /// All stages and output of a job.
  static JobWatch of(MarketClient market, JobId job, Screen screen) {
    return new JobWatch((cursor, listener) -> market.watch(job, cursor, listener), screen, InstantSource.system());
  }

  /// Watches until the job is over.
  ///
  /// @param listener told of every event once; a failure of its own ends the watch
  /// @return the job at its end
  Job follow(Consumer<JobEvent> listener) throws InterruptedException {
    while (ended.isEmpty()) {
      step(listener);
      rest(ended.isEmpty());
    }
    return ended.get();
  }

  /// Reads what there is, once and whole.
  ///
  /// @param listener told of every event once; a failure of its own ends the reading
  void read(Consumer<JobEvent> listener) throws InterruptedException {
    while (!complete) {
      step(listener);
      rest(!complete);
    }
  }

  private void step(Consumer<JobEvent> listener) {
    try {
      events.read(cursor, event -> take(event, listener));
      complete = true;
    } catch (GatewayUnavailableException e) {
      if (clock.instant().isAfter(lastWord.plus(OUTAGE_MAX))) {
        throw e;
      }
      lost();
    }
  }

  private void lost() {
    if (!away) {
      away = true;
      screen.stage("📡", "the gateway is away; the job goes on, watching resumes when it is back",
          Screen.event("reconnecting").put("cursor", cursor));
    }
  }

  private void rest(boolean more) throws InterruptedException {
    if (more) {
      Thread.sleep(pause);
      var doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(PAUSE_LONGEST) > 0 ? PAUSE_LONGEST : doubled;
    }
  }

  private void take(JobEvent event, Consumer<JobEvent> listener) {
    if (away) {
      screen.stage("📡", "the gateway is back", Screen.event("reconnected").put("cursor", cursor));
    }
    listener.accept(event);
    cursor = event.getCursor();
    away = false;
    pause = PAUSE_FIRST;
    lastWord = clock.instant();
    if (event.hasEnded()) {
      ended = Optional.of(event.getEnded());
    }
  }
}
