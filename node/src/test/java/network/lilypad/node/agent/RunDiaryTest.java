package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.RunEnding;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent says of a run.
final class RunDiaryTest {
  private final List<AgentMessage> later = new ArrayList<>();
  private final List<AgentMessage> said = new ArrayList<>();
  private long now = 1_000;

  @TempDir
  private Path folder;

  private RunDiary diary() {
    var job = Offers.job(Offers.work(), 1);
    var deal = new SpooledDeal(Offers.run(job, Offers.lease(job, 7)), true, Optional.empty(), Optional.empty(), 990);
    return new RunDiary(deal, () -> now, later::add, said::add, folder.resolve("diary"));
  }

  private static RunReport last(List<AgentMessage> messages) {
    return messages.getLast().getReport().getReport();
  }

  @Test void a_run_whose_gpus_say_nothing_reports_nothing_of_them() throws IOException {
    var diary = diary();
    Files.writeString(folder.resolve("stderr"), "");
    diary.ended(new Execution.Ended(new Outcome.Exited(0), folder,
        new Execution.Usage(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 7)));
    assertThat(last(said).getUsage().hasGpuMillis()).isFalse();
    assertThat(last(said).getUsage().hasPeakGpuMemoryBytes()).isFalse();
  }

  @Test void every_report_holds_all_that_came_before() throws IOException {
    var diary = diary();
    diary.pulling();
    now = 1_003;
    diary.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    diary.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    assertThat(later).hasSize(1);
    now = 1_010;
    Files.writeString(folder.resolve("stderr"), "trouble\nlilypad: out of memory: above 64 MiB\n");
    diary.ended(
        new Execution.Ended(new Outcome.OutOfMemory(64), folder, new Execution.Usage(Instant.EPOCH, Instant.EPOCH,
            Duration.ofMillis(2_500), Execution.GpuUse.of(Duration.ofSeconds(3), 5), 1 << 20, 7)));
    var stored = diary.stored();
    // then the last one goes with the result
    assertThat(last(said).getSequence()).isEqualTo(3);
    assertThat(stored)
        .isEqualTo(RunReport.newBuilder().setSequence(4).setTries(1).setLeasedAt(990).setPullingAt(1_000)
            .setRunningAt(1_003).setEndedAt(1_010).setStoredAt(1_010).setExitCode(137)
            .setOutcome("out of memory: above 64 MiB").setEnding(RunEnding.RUN_ENDING_OUT_OF_MEMORY)
            .setStderrTail("trouble\nlilypad: out of memory: above 64 MiB\n").setUsage(RunUsage.newBuilder()
                .setCpuMillis(2_500).setGpuMillis(3_000).setPeakGpuMemoryBytes(5 << 20).setPeakMemoryBytes(1 << 20)
                .setOutputBytes(7))
            .build());
  }

  @Test void pulls_are_told_once_a_second_at_most_and_a_retry_begins_anew() {
    var diary = diary();
    for (int i = 1; i <= 5; i++) {
      diary.moved(new Sink.Progress(Sink.Phase.PULLING, i, 10));
    }
    assertThat(later).hasSize(1);
    now++;
    diary.moved(new Sink.Progress(Sink.Phase.PULLING, 9, 10));
    assertThat(last(later).getPulledBytes()).isEqualTo(9);
    diary.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    diary.retrying(1, "no such image");
    assertThat(last(later).getTries()).isEqualTo(2);
    assertThat(last(later).getFailure()).isEqualTo("no such image");
    assertThat(last(later).getRunningAt()).isZero();
    diary.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    assertThat(last(later).getTries()).isEqualTo(2);
    assertThat(last(later).getFailure()).isEmpty();
  }

  @Test void the_next_process_goes_on_counting_and_the_last_report_is_said_again_as_it_was() {
    // given
    var first = diary();
    first.again();
    assertThat(said).isEmpty();
    for (int i = 1; i <= 5; i++) {
      now++;
      first.moved(new Sink.Progress(Sink.Phase.PULLING, i, 10));
    }
    // when
    first.again();
    // then
    assertThat(last(said)).isEqualTo(last(later));
    assertThat(diary().failed("gone").getSequence()).isGreaterThan(last(later).getSequence());
  }

  @Test void every_way_to_end_has_a_name() throws IOException {
    for (var outcome : List.of(new Outcome.Exited(3), new Outcome.OutOfMemory(1),
        new Outcome.DeadlineExceeded(Duration.ofSeconds(1)), Outcome.OutputTooLarge.CROWDED, new Outcome.DiskFull(1),
        new Outcome.Trapped("unreachable"), new Outcome.Cancelled())) {
      diary().ended(new Execution.Ended(outcome, folder,
          new Execution.Usage(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 0)));
    }
    assertThat(said).extracting(message -> message.getReport().getReport().getEnding())
        .containsExactly(java.util.Arrays.stream(RunEnding.values())
            .filter(name -> name != RunEnding.RUN_ENDING_UNSPECIFIED && name != RunEnding.UNRECOGNIZED)
            .toArray(RunEnding[]::new));
  }

  @Test void a_disk_that_is_full_for_the_gateway_before_the_job_has_filled_it_says_so() throws IOException {
    var usage = new Execution.Usage(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 0);
    diary().ended(new Execution.Ended(new Outcome.DiskFull(256L << 20), folder, usage));
    assertThat(last(said).getOutcome()).isEqualTo("disk full: above 268435456 bytes");
    diary().ended(new Execution.Ended(new Outcome.DiskFull(1000), folder, usage));
    assertThat(last(said).getOutcome())
        .isEqualTo("disk full: above 1000 bytes, the most that its gateway takes of outputs");
  }

  @Test void a_program_that_outlived_the_agent_began_when_it_began_and_one_that_begins_anew_does_not() {
    // given
    var first = diary();
    first.pulling();
    now = 1_005;
    first.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    // when the next process takes it up
    now = 2_000;
    var second = diary();
    second.pulling();
    second.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    var stored = second.stored();
    // then
    assertThat(second.runningAt()).isEqualTo(1_005);
    assertThat(stored.getPullingAt()).isEqualTo(1_000);
    assertThat(stored.getRunningAt()).isEqualTo(1_005);
    assertThat(stored.getSequence()).isGreaterThan(last(later).getSequence());
    // when the next process runs it from the beginning
    var third = diary();
    third.moved(new Sink.Progress(Sink.Phase.PREPARING, 0, 0));
    third.moved(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    // then
    assertThat(last(later).getRunningAt()).isEqualTo(2_000);
  }

  @Test void a_failure_is_told_within_its_bound() {
    assertThat(diary().failed("x".repeat(5_000)).getFailure()).hasSize(1024);
  }

  @Test void the_last_lines_are_twenty_and_four_kibibytes_at_most() throws IOException {
    var file = folder.resolve("stderr");
    assertThat(LastLines.of(file)).isEmpty();
    Files.writeString(file, "");
    assertThat(LastLines.of(file)).isEmpty();
    Files.writeString(file, lines(LastLines.LINES_MAX));
    assertThat(LastLines.of(file)).isEqualTo(lines(LastLines.LINES_MAX));
    Files.writeString(file, "one more\n" + lines(LastLines.LINES_MAX));
    assertThat(LastLines.of(file)).isEqualTo(lines(LastLines.LINES_MAX));
    Files.writeString(file, "no line break");
    assertThat(LastLines.of(file)).isEqualTo("no line break");
    Files.writeString(file, "x".repeat(LastLines.BYTES_MAX + 1));
    assertThat(LastLines.of(file)).hasSize(LastLines.BYTES_MAX);
    Files.write(file, new byte[]{(byte) 0xff, 'a', '\n'});
    assertThat(LastLines.of(file)).isEqualTo("\ufffda\n");
    var garbage = new byte[LastLines.BYTES_MAX];
    java.util.Arrays.fill(garbage, (byte) 0xff);
    Files.write(file, garbage);
    assertThat(LastLines.of(file).getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(LastLines.BYTES_MAX).isGreaterThan(LastLines.BYTES_MAX / 2);
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
  }
}
