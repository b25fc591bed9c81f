package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.LilypadModule;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a line printed in a container to the line in the hands of who follows it: `lilypad jobs logs --follow` of a job
/// in a warm market, over `docker logs -f` of a plain container of the same image, in turns:
/// `mvn verify -pl node -am -Dtest=LogBenchmark -Dbench.rounds=5`.
///
/// Each line is the time at which it was printed, by the clock of this machine, which reads it, too.
class LogBenchmark {
  /// What a provider's agent and a gateway have printed and passed on within minutes.
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 6000);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 4);
  /// Some 200 a second.
  private static final int LINES = Integer.getInteger("bench.lines", 600);
  /// Printed before the follower was there.
  private static final int EARLY = 100;
  private static final long HIGHEST_MICROS = 60_000_000;
  private static final long WAIT_SECONDS = 120;
  private static final String MODULE = "clock";
  private static final String WARM = "warm";
  private static final String PROGRAM = "i=0; while [ $i -lt %d ]; do echo $EPOCHREALTIME; sleep %s; i=$((i+1)); done";

  @TempDir
  Path folder;

  @Test void a_line_of_a_job_over_a_line_of_a_container() throws Exception {
    write(MODULE, PROGRAM.formatted(LINES, "0.004"));
    write(WARM, PROGRAM.formatted(WARM_UP, "0"));
    var plain = new Histogram(HIGHEST_MICROS, 3);
    var market = new Histogram(HIGHEST_MICROS, 3);
    try (var whole = WholeMarket.start(folder, TestEngine.socketOf())) {
      job(whole, WARM, new Clock(WARM_UP, new Histogram(HIGHEST_MICROS, 3)));
      for (int i = 0; i < ROUNDS; i++) {
        container(new Clock(LINES, plain));
        job(whole, MODULE, new Clock(LINES, market));
      }
    }
    for (double percentile : List.of(50.0, 90.0, 99.0, 99.9)) {
      System.out.printf("p%s: docker logs -f %.2f ms, jobs logs --follow %.2f ms, ratio %.2f%n", percentile,
          plain.getValueAtPercentile(percentile) / 1e3, market.getValueAtPercentile(percentile) / 1e3,
          (double) market.getValueAtPercentile(percentile) / plain.getValueAtPercentile(percentile));
    }
    System.out.printf("ratio at p99: %.2f (target: at most 1.50)%n",
        (double) market.getValueAtPercentile(99) / plain.getValueAtPercentile(99));
  }

  private void write(String module, String program) throws IOException {
    var home = Files.createDirectory(folder.resolve(module));
    Files.writeString(home.resolve(LilypadModule.FILE), """
        {"machine": {"cpu": 1000, "ram": 64, "disk": 8}, "job": {"Spec": {"Engine": "docker", "Docker":
         {"Image": "lilypad-guests@%s", "Entrypoint": ["/bin/sh", "-c"], "Parameters": [%s]}, "Timeout": 120}}}"""
        .formatted(GuestModules.digest(TestEngine.shared().image()), new ObjectMapper().writeValueAsString(program)));
  }

  private static void container(Clock clock) throws IOException, InterruptedException {
    var id = text(docker("run", "-d", "--network", "none", "--memory", "64m", "--cpus", "1", "--entrypoint", "/bin/sh",
        GuestModules.digest(TestEngine.shared().image()), "-c", PROGRAM.formatted(LINES, "0.004")))
        .strip();
    try {
      read(docker("logs", "-f", id), clock);
    } finally {
      var _ = text(docker("rm", "-f", id));
    }
  }

  private static Process docker(String... args) throws IOException {
    var command = new ArrayList<>(List.of("docker", "-H", TestEngine.socketOf().toString()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String text(Process process) throws IOException, InterruptedException {
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static void read(Process process, Clock clock) throws IOException, InterruptedException {
    try (InputStream printed = process.getInputStream()) {
      var buffer = new byte[8192];
      for (int length; (length = printed.read(buffer)) >= 0;) {
        clock.write(buffer, 0, length);
      }
    }
    assertThat(process.waitFor()).isZero();
    assertThat(clock.complete.getCount()).isZero();
  }

  private void job(WholeMarket market, String module, Clock clock) throws Exception {
    var job = market.detached("./" + module);
    market.awaitOutput(job);
    var follower = CompletableFuture.supplyAsync(() -> follow(market, job, clock), Thread::startVirtualThread);
    assertThat(clock.complete.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    await().atMost(WAIT_SECONDS, TimeUnit.SECONDS).until(() -> !market.job(job).getDeal().getResult().isEmpty());
    assertThat(market.cli("jobs", "results", job, "--output-dir", job).exitCode()).isZero();
    assertThat(follower.get()).isZero();
  }

  private int follow(WholeMarket market, String job, Clock clock) {
    try (var out = new PrintStream(clock, true, StandardCharsets.UTF_8);
        var err = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
      var terminal = new Terminal(out, err, false, market.environment(), folder);
      return Lilypad.run(new String[]{"jobs", "logs", "--follow", job}, terminal);
    }
  }

  /// Takes lines as they come and records how long each was on its way.
  private static final class Clock extends OutputStream {
    private final int all;
    private final Histogram micros;
    private final CountDownLatch complete = new CountDownLatch(1);
    private long printed;
    private int lines;

    private Clock(int all, Histogram micros) {
      this.all = all;
      this.micros = micros;
    }

    @Override public void write(int one) {
      if (one == '\n') {
        if (lines++ >= EARLY) {
          micros.recordValue(Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - printed));
        }
        printed = 0;
        if (lines == all) {
          complete.countDown();
        }
      } else if (one != '.') {
        printed = printed * 10 + one - '0';
      }
    }
  }
}
