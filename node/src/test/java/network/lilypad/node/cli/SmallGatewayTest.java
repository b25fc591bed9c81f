package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import network.lilypad.executor.docker.TestEngine;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A market whose gateway takes less than its jobs may write.
final class SmallGatewayTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"wasm-guest",
      "docker-guest"}) void a_job_that_writes_more_than_its_gateway_takes_ends_as_a_full_disk_with_what_it_wrote(
          String module) throws Exception {
    // given
    GuestModules.write(folder);
    try (var market = WholeMarket.start(folder, TestEngine.socketOf(), Map.of("limits.content", "1 MiB"))) {
      // when
      var ran = market.run("./" + module, "out", "-i", GuestModules.verbs("out", "begun", "write",
          "/outputs/partial.txt", "flood", "/outputs/flood"));
      // then
      assertThat(ran.cli().exitCode()).as(ran.cli().err()).isEqualTo(ExitCode.JOB_MAX);
      assertThat(ran.cli().err()).contains("the job asks for 8 MiB of disk; this gateway takes 383 KiB of outputs")
          .contains("exit code 153 (DISK_FULL)");
      assertThat(ran.job().getPhase()).isEqualTo("Done");
      assertThat(ran.job().getAttempt()).isEqualTo(1);
      assertThat(ran.job().getDeal().getReport().getOutcome()).contains("the most that its gateway takes of outputs");
      assertThat(folder.resolve("out/outputs/partial.txt")).hasContent("written by the guest");
      assertThat(Files.size(folder.resolve("out/outputs/flood"))).isPositive();
    }
  }
}
