package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Jobs that fail by their own fault, on a whole market with both engines: each ends as a result, and what it wrote
/// until then is its creator's.
final class FailedJobsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  static Path folder;
  private static WholeMarket market;

  @BeforeAll static void start() throws Exception {
    GuestModules.write(folder);
    market = WholeMarket.start(folder, TestEngine.socketOf());
  }

  @AfterAll static void stop() {
    market.close();
  }

  @ParameterizedTest
  @CsvSource({"docker-guest, spin, x, 124, out of time: above 10 s",
      "wasm-guest, spin, x, 124, out of time: above 10 s",
      "docker-guest, exit, 3, 3, ''", "wasm-guest, exit, 3, 3, ''",
      "docker-guest, hog, 1000, 137, out of memory: above 64 MiB",
      "wasm-guest, hog, 1000, 137, out of memory: above 64 MiB",
      "docker-guest, flood, /outputs/flood, 153, disk full: above 8388608 bytes",
      "wasm-guest, flood, /outputs/flood, 153, disk full: above 8388608 bytes"}) void a_job_that_fails_leaves_what_it_wrote(
          String module, String verb, String operand, int exitCode, String outcome) throws Exception {
    // given
    var options = new ArrayList<>(List.of("-i", GuestModules.verbs("out", "begun", "err", "oops\n", "write",
        "/outputs/partial.txt", verb, operand)));
    if (verb.equals("spin")) {
      options.addAll(List.of("-i", "Brief=yes"));
    }
    var out = module + "-" + verb;
    // when
    var ran = market.run("./" + module, out, options.toArray(String[]::new));
    // then
    assertThat(ran.cli().exitCode()).as(ran.cli().err()).isEqualTo(Math.min(exitCode, ExitCode.JOB_MAX));
    assertThat(ran.job().getPhase()).isEqualTo("Done");
    var id = Words.shortHex(ran.job().getJob());
    assertThat(market.cli("jobs", "show", id).out()).contains("exit code " + exitCode
        + (outcome.isEmpty() ? "" : ", " + outcome)).contains("  oops");
    assertThat(market.cli("jobs", "results", id, "--output-dir", out + "-again").exitCode()).isZero();
    for (var fetched : List.of(out, out + "-again")) {
      var result = folder.resolve(fetched);
      assertThat(result.resolve("exitCode")).hasContent(Integer.toString(exitCode));
      assertThat(result.resolve("stdout")).hasContent("begun");
      assertThat(result.resolve("stderr")).content().startsWith("oops\n").contains(outcome);
      assertThat(result.resolve("outputs/partial.txt")).hasContent("written by the guest");
      assertThat(market.cli("content", "cid", fetched).out().strip())
          .isEqualTo(Cid.ofDirectory(ran.root()).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"docker-guest", "wasm-guest"}) void a_job_that_is_cancelled_leaves_what_it_wrote_though_nobody_signs_it(
      String module) throws Exception {
    // given a job that runs and has written something
    var job = market.detached("./" + module, "-i",
        GuestModules.verbs("write", "/outputs/partial.txt", "out", "begun", "spin", "x"));
    market.awaitOutput(job);
    var id = job.substring(0, 8);
    assertThat(market.cli("jobs", "show", id).out()).contains("phase     Claimed")
        .containsPattern("next      attempt \\d of 3 is under way");
    assertThat(market.cli("jobs", "list", "--phase", "Claimed").out()).contains(id);
    assertThat(market.cli("jobs", "list", "--phase", "Open").out()).doesNotContain(id);
    // when
    assertThat(market.cli("jobs", "cancel", id).exitCode()).isZero();
    // then
    await().atMost(PATIENCE).until(() -> !market.job(job).getDeal().getReport().getPartial().isEmpty());
    await().atMost(PATIENCE).until(() -> market.job(job).getPhase().equals("Cancelled"));
    var deal = market.job(job).getDeal();
    assertThat(deal.getResult().isEmpty()).isTrue();
    assertThat(deal.getPaid()).as("a tenth of the price at least, whatever was written").isPositive();
    assertThat(market.cli("jobs", "show", id).out())
        .contains("partial   what it had written when it was cancelled, unsigned");
    var out = module + "-cancelled";
    var fetched = market.cli("jobs", "results", id, "--output-dir", out);
    assertThat(fetched.exitCode()).as(fetched.err()).isZero();
    assertThat(fetched.err()).contains("partial outputs in ").contains("its provider did not sign it");
    var result = folder.resolve(out);
    assertThat(result.resolve("outputs/partial.txt")).hasContent("written by the guest");
    assertThat(result.resolve("stdout")).hasContent("begun");
    assertThat(result.resolve("stderr")).hasContent("lilypad: cancelled");
    assertThat(result.resolve("exitCode")).hasContent("143");
    var logs = market.cli("jobs", "logs", id);
    assertThat(logs.exitCode()).as(logs.err()).isZero();
    assertThat(logs.out()).isEqualTo("begun");
    assertThat(logs.err()).contains("lilypad: cancelled").containsPattern("attempt \\d at provider ")
        .contains("ended without a result: CANCELLED").doesNotContain("nothing is left");
    assertThat(market.cli("content", "cid", out).out().strip())
        .isEqualTo(Cid.ofDirectory(Bytes32.of(deal.getReport().getPartial().toByteArray())).toString());
  }
}
