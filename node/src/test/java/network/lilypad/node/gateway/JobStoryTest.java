package network.lilypad.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.JobEvent.EventCase;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import org.junit.jupiter.api.Test;

class JobStoryTest {
  private static final Domain DOMAIN = new Domain(0, Address.ZERO);
  private static final Wallet WALLET = Wallet.of(Keccak256.hash("wallet"));
  private static final JobId JOB = new JobId(Keccak256.hash("job"));
  private static final Signed<JobOffer> OFFER = sign(new JobOffer(WALLET.address(), Address.ZERO, Address.ZERO,
      Bytes32.ZERO, Address.ZERO, Bytes32.ZERO, new Work(Engine.WASM, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO,
          Resources.NONE, 10, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO),
      Lp.of(1), Lp.ZERO, Lp.ZERO, Verification.NONE, 2, 0, 1000, 1000, 1, Bytes32.ZERO));
  private static final Job.Ending LAPSED = new Job.Ending(WALLET.address(), DealPhase.LAPSED, Cause.LAPSED, Lp.ZERO);
  private static final Job.Ending DONE = new Job.Ending(WALLET.address(), DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED,
      Lp.of(1));

  private final JobStory story = new JobStory(Cursor.START, "cowsay:v1", () -> 99);
  private final List<JobEvent> told = new ArrayList<>();

  private static <T extends Signable> Signed<T> sign(T word) {
    return WALLET.sign(DOMAIN, word);
  }

  private static Job.View job(String phase, int attempt, long endedAt, Job.Ending... history) {
    return new Job.View(JOB, phase, attempt, List.of(OFFER), List.of(history), 10, endedAt);
  }

  private static Deal.View deal(int attempt, DealPhase phase, boolean settled) {
    var id = JOB.deal(attempt);
    var phases = switch (phase) {
      case NEGOTIATING, AGREED, RESULTS_SUBMITTED -> Stream.of(DealPhase.values())
          .filter(p -> p.number() <= phase.number());
      case LAPSED -> Stream.of(DealPhase.NEGOTIATING, DealPhase.AGREED, phase);
      default -> Stream.of(DealPhase.NEGOTIATING, DealPhase.AGREED, DealPhase.RESULTS_SUBMITTED, phase);
    };
    var times = phases.map(p -> new Deal.Stage(p, 20 + p.number())).toList();
    var terms = new Deal.Terms(OFFER, JOB, attempt, new MachineId(WALLET.address(), Bytes32.ZERO), Bytes32.ZERO,
        Lp.of(1));
    var lease = sign(new Lease(JOB, attempt, WALLET.address(), Bytes32.ZERO, 1, Lp.of(1), Lp.ZERO, 15, 30, 60,
        Bytes32.ZERO));
    var result = sign(new Result(id, Keccak256.hash("root"), Lp.of(1), 22, 25));
    return new Deal.View(id, phase, List.of(terms), times.size() > 1 ? List.of(lease) : List.of(),
        times.stream().anyMatch(s -> s.phase() == DealPhase.RESULTS_SUBMITTED) ? List.of(result) : List.of(), times,
        phase == DealPhase.LAPSED ? "the machine fell silent" : "",
        settled ? List.of(receipt(id, phase)) : List.of());
  }

  private static Bridge.Receipt receipt(DealId deal, DealPhase phase) {
    return new Bridge.Receipt(deal.toString(), phase, 40, "1", Lp.of(1), Lp.ZERO);
  }

  private static Deal.Log log(long offset, String text) {
    return new Deal.Log(JOB.deal(1), false, offset, ByteString.copyFromUtf8(text));
  }

  private List<EventCase> kinds() {
    return told.stream().map(JobEvent::getEventCase).toList();
  }

  @Test void every_stage_is_told_once_however_often_the_views_come() {
    // when
    for (int i = 0; i < 2; i++) {
      told.addAll(story.jobSaid(job("Open", 1, 0)));
      told.addAll(story.dealSaid(deal(1, DealPhase.NEGOTIATING, false)));
      told.addAll(story.dealSaid(deal(1, DealPhase.AGREED, false)));
      told.addAll(story.runStarted(new Deal.Started(JOB.deal(1), 23)));
    }
    // then
    assertThat(kinds()).containsExactly(EventCase.SUBMITTED, EventCase.MATCHED, EventCase.ESCROWED, EventCase.STARTED);
    assertThat(told).extracting(JobEvent::getAt).containsExactly(10L, 20L, 21L, 23L);
  }

  @Test void stages_that_were_missed_follow_from_the_last_view() {
    // when
    told.addAll(story.dealSaid(deal(1, DealPhase.RESULTS_ACCEPTED, true)));
    told.addAll(story.jobSaid(job("Done", 1, 50, DONE)));
    told.addAll(story.dealSaid(deal(1, DealPhase.RESULTS_ACCEPTED, true)));
    assertThat(story.missing()).isPresent();
    told.addAll(story.logsCompleted());
    // then
    assertThat(kinds()).containsExactly(EventCase.SUBMITTED, EventCase.MATCHED, EventCase.ESCROWED, EventCase.STARTED,
        EventCase.RESULT, EventCase.ACCEPTED, EventCase.PAID, EventCase.ENDED);
    assertThat(story.over()).isTrue();
  }

  @Test void the_end_waits_for_the_ledgers_word() {
    // given
    told.addAll(story.jobSaid(job("Done", 1, 50, DONE)));
    told.addAll(story.dealSaid(deal(1, DealPhase.RESULTS_ACCEPTED, false)));
    told.addAll(story.logsCompleted());
    // when
    assertThat(story.unpaid()).contains(JOB.deal(1));
    assertThat(kinds()).doesNotContain(EventCase.PAID, EventCase.ENDED);
    told.addAll(story.ledgerSaid(receipt(JOB.deal(1), DealPhase.RESULTS_ACCEPTED)));
    // then
    assertThat(kinds()).endsWith(EventCase.PAID, EventCase.ENDED);
  }

  @Test void what_the_machine_says_meanwhile_moves_no_cursor_and_comes_only_while_the_deal_is_live() {
    // given
    var report = new Deal.Reported(JOB.deal(1), RunReport.newBuilder().setTries(2).build().toByteString());
    told.addAll(story.jobSaid(job("Open", 1, 0)));
    assertThat(story.runReported(report)).isEmpty();
    told.addAll(story.dealSaid(deal(1, DealPhase.AGREED, false)));
    var cursor = told.getLast().getCursor();
    // when
    var progress = story.runReported(report);
    // then
    assertThat(progress).extracting(event -> event.getProgress().getTries()).containsExactly(2);
    assertThat(progress.getFirst().getCursor()).isEqualTo(cursor);
    assertThat(story.runReported(new Deal.Reported(JOB.deal(2), report.report()))).isEmpty();
    assertThat(story.runReported(new Deal.Reported(JOB.deal(1), ByteString.copyFrom(new byte[]{1})))).isEmpty();
  }

  @Test void output_is_told_without_gap_and_without_repeat() {
    // given
    told.addAll(story.jobSaid(job("Open", 1, 0)));
    told.addAll(story.dealSaid(deal(1, DealPhase.AGREED, false)));
    told.clear();
    // when
    told.addAll(story.runSaid(log(0, "one ")));
    told.addAll(story.runSaid(log(0, "one ")));
    told.addAll(story.runSaid(log(8, "beyond a gap")));
    told.addAll(story.runSaid(log(2, "e two ")));
    // then
    assertThat(kinds()).containsExactly(EventCase.STARTED, EventCase.LOG, EventCase.LOG);
    assertThat(told.get(2).getLog().getOffset()).isEqualTo(4);
    assertThat(told.get(2).getLog().getData().toStringUtf8()).isEqualTo("two ");
    assertThat(told.get(2).getCursor()).isEqualTo("1:4:8:0");
  }

  @Test void a_lost_attempt_leads_to_the_next_and_a_cursor_to_the_same_rest() {
    // given
    told.addAll(story.jobSaid(job("Open", 2, 0, LAPSED)));
    told.addAll(story.dealSaid(deal(1, DealPhase.LAPSED, true)));
    told.addAll(story.dealSaid(deal(2, DealPhase.AGREED, false)));
    // when
    assertThat(kinds()).containsExactly(EventCase.SUBMITTED, EventCase.MATCHED, EventCase.ESCROWED, EventCase.PAID,
        EventCase.ATTEMPT_LOST, EventCase.MATCHED, EventCase.ESCROWED);
    assertThat(told.get(4).getAttemptLost().getFailure()).isEqualTo("the machine fell silent");
    var again = new JobStory(Cursor.parse(told.get(3).getCursor()), "cowsay:v1", () -> 99);
    var rest = new ArrayList<JobEvent>();
    rest.addAll(again.jobSaid(job("Open", 2, 0, LAPSED)));
    rest.addAll(again.dealSaid(deal(1, DealPhase.LAPSED, true)));
    rest.addAll(again.dealSaid(deal(2, DealPhase.AGREED, false)));
    // then
    assertThat(rest).isEqualTo(told.subList(4, told.size()));
  }

  @Test void a_job_that_nobody_took_ends_without_a_deal() {
    // when
    told.addAll(story
        .jobSaid(job("Cancelled", 1, 30, new Job.Ending(Address.ZERO, DealPhase.NEGOTIATING, Cause.EXPIRED, Lp.ZERO))));
    // then
    assertThat(kinds()).containsExactly(EventCase.SUBMITTED, EventCase.ENDED);
  }

  @Test void a_cursor_that_is_none_of_ours_is_refused() {
    // when, then
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Cursor.parse("1:2:3"));
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Cursor.parse("256:1:0:0"));
    assertThat(Cursor.parse("2:4:10:20")).isEqualTo(new Cursor(2, 4, 10, 20));
  }
}
