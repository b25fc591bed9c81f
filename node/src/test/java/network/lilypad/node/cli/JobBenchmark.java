package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.client.Trees;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From the command `lilypad run` to the moment when it says that the result is on the disk and verified, in a warm
/// agent and client, over a bare `docker run` of the same image and program, in turns:
/// `mvn verify -pl node -am -Dtest=JobBenchmark -Dbench.rounds=30`. The command itself goes on until the provider is
/// paid.
///
/// Without the start of the client's JVM, which has figures of its own. Warm is a market that has done some jobs
/// before: first small ones of the other engine, which are fast, then some that are counted no more than those.
class JobBenchmark {
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 10);
  private static final int SMALL_JOBS = Integer.getInteger("bench.small-jobs", 500);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 30);
  private static final long HIGHEST_MICROS = 60_000_000;

  @TempDir
  Path folder;

  @Test void a_container_job_end_to_end_over_a_bare_container() throws Exception {
    GuestModules.write(folder);
    var bare = new Histogram(HIGHEST_MICROS, 3);
    var market = new Histogram(HIGHEST_MICROS, 3);
    var paid = new Histogram(HIGHEST_MICROS, 3);
    try (var whole = WholeMarket.start(folder, TestEngine.socketOf())) {
      for (int i = 0; i < SMALL_JOBS; i++) {
        job(whole, GuestModules.WASM);
      }
      for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        if (i == WARM_UP) {
          List.of(bare, market, paid).forEach(Histogram::reset);
        }
        bare.recordValue(container());
        var took = job(whole, GuestModules.DOCKER);
        market.recordValue(took.verified);
        paid.recordValue(took.paid);
      }
    }
    for (double percentile : List.of(50.0, 90.0, 99.0)) {
      System.out.printf("p%.0f: docker run %.0f ms, lilypad run %.0f ms, ratio %.2f%n", percentile,
          bare.getValueAtPercentile(percentile) / 1e3, market.getValueAtPercentile(percentile) / 1e3,
          (double) market.getValueAtPercentile(percentile) / bare.getValueAtPercentile(percentile));
    }
    System.out.printf("ratio of the medians: %.2f (target: at most 1.20); until the provider is paid %.0f ms%n",
        (double) market.getValueAtPercentile(50) / bare.getValueAtPercentile(50),
        paid.getValueAtPercentile(50) / 1e3);
  }

  private static long microsSince(long begin) {
    return (System.nanoTime() - begin) / 1000;
  }

  private static long container() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var command = List.of("docker", "-H", TestEngine.socketOf().toString(), "run", "--rm", "--network", "none",
        "--memory", "64m", "--cpus", "0.5", "--entrypoint", "/guests/probe",
        GuestModules.digest(TestEngine.shared().image()), "out", "moo");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("moo");
    assertThat(process.waitFor()).isZero();
    return microsSince(begin);
  }

  /// How long a job took, in microseconds from the command on.
  ///
  /// @param verified until the result was on the disk
  /// @param paid until the command was over
  private record Took(long verified, long paid) {}

  private Took job(WholeMarket market, String module) throws IOException {
    var said = new Said();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    var terminal = new Terminal(out, out, false, market.environment(), folder);
    long begin = System.nanoTime();
    int exitCode = Lilypad.run(
        new String[]{"run", "./" + module, "-i", GuestModules.verbs("out", "moo"), "--output-dir", "out"}, terminal);
    long paid = microsSince(begin);
    assertThat(exitCode).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(Files.readString(folder.resolve("out/stdout"))).isEqualTo("moo");
    Trees.delete(folder.resolve("out"));
    return new Took((said.verified - begin) / 1000, paid);
  }

  /// What a command says, and when it said that the result is verified.
  private static final class Said extends ByteArrayOutputStream {
    private long verified;

    @Override public synchronized void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, length);
      if (verified == 0 && toString(StandardCharsets.UTF_8).contains("result verified")) {
        verified = System.nanoTime();
      }
    }
  }
}
