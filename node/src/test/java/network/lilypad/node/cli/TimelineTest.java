package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobOffer;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunUsage;
import network.lilypad.protocol.proto.v1.Stage;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.api.Test;

/// What a person sees of a job.
class TimelineTest {
  private static final Job DONE = Job.newBuilder().setJob(ByteString.copyFrom(new byte[32])).setModule("cowsay:v0.0.4")
      .setPhase("Done").setAttempt(1).setPostedAt(1_000).setOffer(JobOffer.newBuilder().setMaxAttempts(3))
      .setDeal(DealView.newBuilder().setDeal(ByteString.copyFrom(new byte[32])).addStages(stage(0, 1_001))
          .addStages(stage(1, 1_002)).addStages(stage(2, 1_090)).addStages(stage(3, 1_100)).setPaidAt(1_101)
          .setReport(RunReport.newBuilder().setLeasedAt(1_001).setPullingAt(1_002).setRunningAt(1_005).setEndedAt(1_080)
              .setStoredAt(1_089).setExitCode(3).setStderrTail("a\nb \u001b[2J\n")
              .setUsage(RunUsage.newBuilder().setCpuMillis(61_300).setPeakMemoryBytes(64 << 20).setOutputBytes(112))))
      .build();

  private static Stage stage(int phase, long at) {
    return Stage.newBuilder().setPhaseValue(phase).setAt(at).build();
  }

  @Test void every_stage_stands_with_its_time_and_how_long_after_the_one_before() {
    assertThat(Timeline.of(DONE).stages()).extracting(Timeline.Stage::name).containsExactly("submitted", "matched",
        "leased", "escrowed", "pulling", "running", "ended", "stored", "handed in", "accepted", "settled");
    assertThat(Timeline.of(DONE).text()).contains("1970-01-01T00:16:40Z  submitted  +0 s")
        .contains("1970-01-01T00:18:00Z  ended      +1 min 15 s");
  }

  @Test void a_job_that_has_only_been_submitted_has_one_stage() {
    assertThat(Timeline.of(Job.newBuilder().setPostedAt(1).build()).stages())
        .containsExactly(new Timeline.Stage("submitted", 1));
  }

  @Test void a_failed_program_is_shown_with_its_usage_cause_last_lines_and_what_happens_next() {
    assertThat(JobsCommand.Show.text(DONE)).contains("usage     cpu 61.3 s, peak memory 64 MiB, output 112 bytes")
        .contains("failure   exit code 3").contains("\n  a\n  b ?[2J\n")
        .contains("next      final: a program's own failure is its result");
    var object = Words.job("job", DONE);
    assertThat(object.get("usage").get("peak_memory_bytes").asLong()).isEqualTo(64 << 20);
    assertThat(object.get("timeline")).hasSize(11);
    assertThat(object.get("next").asText()).startsWith("final");
  }

  @Test void what_gpus_do_not_say_is_absent_and_an_idle_gpu_is_zero() {
    assertThat(Words.job("job", DONE).get("usage").has("gpu_millis")).isFalse();
    assertThat(Words.job("job", DONE).get("usage").has("peak_gpu_memory_bytes")).isFalse();
    var idle = DONE.toBuilder();
    idle.getDealBuilder().getReportBuilder().getUsageBuilder().setGpuMillis(0).setPeakGpuMemoryBytes(64 << 20);
    var usage = Words.job("job", idle.build()).get("usage");
    assertThat(usage.get("gpu_millis").asLong()).isZero();
    assertThat(usage.get("peak_gpu_memory_bytes").asLong()).isEqualTo(64 << 20);
    assertThat(JobsCommand.Show.text(idle.build())).contains("gpu 0.0 s, peak gpu memory 64 MiB");
  }

  @Test void what_happens_next_follows_from_the_phase_and_the_attempts_left() {
    assertThat(RunWords.next(DONE.toBuilder().setPhase("Open").setAttempt(2).build()))
        .isEqualTo("attempt 2 of 3 looks for a machine");
    assertThat(RunWords.next(DONE.toBuilder().setPhase("Failed").build())).startsWith("final: no attempt is left of 3");
    assertThat(RunWords.afterLost(DONE, 2, ending("LAPSED"))).isEqualTo("attempt 3 of 3 looks for another machine");
    assertThat(RunWords.afterLost(DONE, 3, ending("RELEASED"))).contains("last of 3");
    assertThat(RunWords.afterLost(DONE, 1, ending("CANCELLED"))).isEqualTo("the job ends with it");
    assertThat(RunWords.afterLost(DONE, 1, ending("INSUFFICIENT_FUNDS"))).isEqualTo("the job ends with it");
    var lost = Job.newBuilder().setPhase("Failed").setAttempt(2).setDeal(DealView.newBuilder().setReport(
        RunReport.newBuilder().setFailure("GPU GPU-a: it is lost"))).addHistory(AttemptEnding.newBuilder()
            .setCause("RELEASED"))
        .addHistory(ending("NO_RESULT")).build();
    assertThat(JobsCommand.Show.text(lost)).contains("failure   the machine could not run it: GPU GPU-a: it is lost")
        .contains("earlier   provider : RELEASED").doesNotContain("NO_RESULT");
    var again = lost.toBuilder().setPhase("Claimed").setDeal(DealView.newBuilder().setReport(
        RunReport.newBuilder().setTries(2).setFailure("no such image"))).build();
    assertThat(JobsCommand.Show.text(again)).contains("failure   the machine tries again, try 2: no such image");
  }

  @Test void an_attempt_that_nobody_had_is_not_told_of() {
    var untaken = Job.newBuilder().setPhase("Cancelled").setAttempt(2)
        .addHistory(ending("EXPIRED").toBuilder().setProvider(ByteString.copyFrom(new byte[20]))).build();
    assertThat(JobsCommand.Show.text(untaken)).doesNotContain("earlier");
  }

  @Test void what_was_accepted_by_silence_has_no_failure_and_what_was_cancelled_costs_what_was_paid() {
    var silent = Job.newBuilder().setPhase("Done").setDeal(DealView.newBuilder().setDetail("accepted by silence")
        .setPhaseValue(DealPhase.TIMEOUT_JUDGE_RESULTS.number())).build();
    assertThat(RunWords.failure(silent)).isEmpty();
    assertThat(JobsCommand.Show.text(silent)).doesNotContain("failure");
    var cancelled = Job.newBuilder().setPhase("Cancelled").setDeal(DealView.newBuilder()
        .setDeal(ByteString.copyFrom(new byte[32])).setDetail("cancelled by its creator").setSettled(true)
        .setPaid(115_000).setPhaseValue(DealPhase.CANCELLED.number())).build();
    assertThat(RunWords.failure(cancelled)).isEqualTo("cancelled by its creator");
    assertThat(JobsCommand.Show.text(cancelled)).contains("cost      0.000115 LP");
    assertThat(JobsCommand.List.row(cancelled)).contains("0.000115 LP");
  }

  private static AttemptEnding ending(String cause) {
    return AttemptEnding.newBuilder().setCause(cause).build();
  }
}
