package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.client.Trees;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From `lilypad run` to the verified result on the disk, in a warm agent and client, over a bare `docker run` of the same
/// image and program, in turns: `mvn verify -pl node -am -Dtest=JobBenchmark -Dbench.rounds=30`.
///
/// Without the start of the client's JVM, which its own figures have.
class JobBenchmark {
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 10);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 30);
  private static final long HIGHEST_MICROS = 60_000_000;

  @TempDir
  Path folder;

  @Test void a_container_job_end_to_end_over_a_bare_container() throws Exception {
    GuestModules.write(folder);
    var bare = new Histogram(HIGHEST_MICROS, 3);
    var market = new Histogram(HIGHEST_MICROS, 3);
    try (var whole = WholeMarket.start(folder, TestEngine.socketOf())) {
      for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        if (i == WARM_UP) {
          bare.reset();
          market.reset();
        }
        bare.recordValue(micros(this::container));
        market.recordValue(micros(() -> job(whole)));
        Trees.delete(folder.resolve("out"));
      }
    }
    for (double percentile : List.of(50.0, 90.0, 99.0)) {
      System.out.printf("p%.0f: docker run %.0f ms, lilypad run %.0f ms, ratio %.2f%n", percentile,
          bare.getValueAtPercentile(percentile) / 1e3, market.getValueAtPercentile(percentile) / 1e3,
          (double) market.getValueAtPercentile(percentile) / bare.getValueAtPercentile(percentile));
    }
    System.out.printf("ratio of the medians: %.2f (target: at most 1.20)%n",
        (double) market.getValueAtPercentile(50) / bare.getValueAtPercentile(50));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static long micros(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1000;
  }

  private void container() throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("docker", "-H", TestEngine.socketOf().toString(), "run", "--rm",
        "--network", "none", "--memory", "64m", "--cpus", "0.5", "--entrypoint", "/guests/probe",
        GuestModules.digest(TestEngine.shared().image()), "out", "moo"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("moo");
    assertThat(process.waitFor()).isZero();
  }

  private void job(WholeMarket market) throws IOException {
    var ran = market.cli("run", "./" + GuestModules.DOCKER, "-i", GuestModules.verbs("out", "moo"), "--output-dir",
        "out");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(Files.readString(folder.resolve("out/stdout"))).isEqualTo("moo");
  }
}
