package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From `lilypad jobs cancel`, typed, to the job's container dead, and removed, as the engine dates it; of a program
/// that dies of the first signal and of one that ignores all that can be ignored: `mvn verify -pl node -am
/// -Dtest=CancelBenchmark`.
class CancelBenchmark {
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 2);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 15);
  private static final long HIGHEST_MICROS = 60_000_000;

  @TempDir
  Path folder;

  /// How long one kind of program lives on.
  private record Delays(Histogram dead, Histogram removed) {
    private Delays() {
      this(new Histogram(HIGHEST_MICROS, 3), new Histogram(HIGHEST_MICROS, 3));
    }

    private void print(String program) {
      for (double percentile : List.of(50.0, 90.0, 100.0)) {
        System.out.printf("%s, p%.0f: dead after %.0f ms, removed after %.0f ms (target: 2000 ms)%n", program,
            percentile, dead.getValueAtPercentile(percentile) / 1e3, removed.getValueAtPercentile(percentile) / 1e3);
      }
    }
  }

  @Test void a_container_after_its_jobs_cancel() throws Exception {
    GuestModules.write(folder);
    var plain = new Delays();
    var deaf = new Delays();
    try (var whole = WholeMarket.start(folder, TestEngine.socketOf())) {
      for (int i = 0; i < WARM_UP; i++) {
        cancel(whole, "sleep 600", new Delays());
      }
      for (int i = 0; i < ROUNDS; i++) {
        cancel(whole, "sleep 600", plain);
        cancel(whole, "trap '' TERM INT HUP; while :; do sleep 0.1; done", deaf);
      }
    }
    plain.print("sleeps");
    deaf.print("ignores signals");
  }

  private static void cancel(WholeMarket market, String program, Delays delays) throws IOException {
    var job = market.detached("./" + GuestModules.DOCKER, "-i", GuestModules.verbs("out", "begun", "sh", program));
    market.awaitOutput(job);
    var typed = Instant.now();
    assertThat(market.cli("jobs", "cancel", job).exitCode()).isZero();
    var ends = ends(new JobId(Bytes32.parse("0x" + job)).deal(1).toString(), typed);
    delays.dead.recordValue(ends.getOrDefault("die", HIGHEST_MICROS));
    delays.removed.recordValue(ends.getOrDefault("destroy", HIGHEST_MICROS));
  }

  /// The engine's own dates, in microseconds after the command.
  private static Map<String, Long> ends(String deal, Instant typed) throws IOException {
    var events = new ProcessBuilder("docker", "-H", TestEngine.socketOf().toString(), "events", "--since",
        Long.toString(typed.getEpochSecond()), "--filter", "label=network.lilypad.deal=" + deal, "--filter",
        "event=die", "--filter", "event=destroy", "--format", "{{.Action}} {{.TimeNano}}").start();
    var ends = new HashMap<String, Long>();
    try (var lines = new BufferedReader(events.inputReader(StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null && !ends.containsKey("destroy"); line = lines.readLine()) {
        var words = line.split(" ");
        long nanos = Long.parseLong(words[1]);
        ends.put(words[0],
            ChronoUnit.MICROS.between(typed, Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000)));
        if (ends.containsKey("destroy")) {
          return ends;
        }
      }
      return ends;
    } finally {
      events.destroy();
    }
  }
}
