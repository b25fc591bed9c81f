package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.JobOffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoMatchYetTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final JobEvent SUBMITTED = JobEvent.newBuilder().setSubmitted(
      Job.newBuilder().setOffer(JobOffer.newBuilder().setValidUntil(1_800_000_000L))).build();
  private static final JobEvent MATCHED = JobEvent.newBuilder().setMatched(DealView.getDefaultInstance()).build();
  private static final JobEvent LOST = JobEvent.newBuilder().setAttemptLost(AttemptEnding.getDefaultInstance()).build();
  private static final Duration OFTEN = Duration.ofMillis(1);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<Explanation> market = new AtomicReference<>(explanation("price", 0));
  private final Screen screen = new Screen(new Terminal(System.out,
      new PrintStream(said, true, StandardCharsets.UTF_8), false, Map.of(), Path.of("")), false);
  private final NoMatchYet noMatch = new NoMatchYet(this::explain, screen, OFTEN, OFTEN);

  private Explanation explain() {
    asked.incrementAndGet();
    return market.get();
  }

  private static Explanation explanation(String rule, int matching) {
    return Explanation.newBuilder().setMachines(3).setMatching(matching).addFilters(
        Explanation.FallenAt.newBuilder().setRule(rule).setMachines(3 - matching).setNearest("asks 0.002 LP"))
        .addAdvice("raise --max-price to 0.002").build();
  }

  @AfterEach void close() {
    noMatch.close();
  }

  /// After this many more questions everything that was to be said has been said.
  private void awaitQuestions() {
    int before = asked.get();
    await().atMost(PATIENCE).until(() -> asked.get() > before + 3);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test void a_waiting_job_is_explained_once_and_anew_when_the_reason_changes() {
    // when
    noMatch.heard(SUBMITTED);
    awaitQuestions();
    // then
    assertThat(said()).isEqualTo("no machine takes it now: 3 machines in the market, 0 match; 3 fell at price: asks "
        + "0.002 LP; what would match: raise --max-price to 0.002; waiting until 2027-01-15T08:00:00Z\n");
    // when
    market.set(explanation("ram", 0));
    awaitQuestions();
    // then
    assertThat(said().lines()).hasSize(2).last().asString().contains("3 fell at ram");
  }

  @Test void nothing_is_said_while_a_machine_matches() {
    // given
    market.set(explanation("price", 1));
    // when
    noMatch.heard(SUBMITTED);
    awaitQuestions();
    // then
    assertThat(said()).isEmpty();
  }

  @Test void a_job_that_has_a_machine_is_left_alone_until_it_loses_it() {
    // given
    noMatch.heard(SUBMITTED);
    noMatch.heard(MATCHED);
    said.reset();
    // when
    market.set(explanation("ram", 0));
    noMatch.heard(LOST);
    awaitQuestions();
    // then
    assertThat(said()).contains("3 fell at ram");
  }

  @Test void the_first_pause_begins_anew_with_each_wait() {
    try (var slow = new NoMatchYet(this::explain, screen, OFTEN, Duration.ofHours(1))) {
      // given
      slow.heard(SUBMITTED);
      await().atMost(PATIENCE).until(() -> said().contains("3 fell at price"));
      slow.heard(MATCHED);
      // when
      market.set(explanation("ram", 0));
      slow.heard(LOST);
      // then
      await().atMost(PATIENCE).until(() -> said().contains("3 fell at ram"));
    }
  }

  @Test void what_was_asked_in_an_earlier_wait_is_not_said_in_the_next() throws Exception {
    var entered = new CountDownLatch(1);
    var answered = new CompletableFuture<Explanation>();
    try (var slow = new NoMatchYet(() -> {
      boolean first = entered.getCount() > 0;
      entered.countDown();
      return first ? answered.join() : explanation("ram", 0);
    }, screen, OFTEN, OFTEN)) {
      // given a question that is under way
      slow.heard(SUBMITTED);
      entered.await();
      // when the job has had a machine and lost it before the answer comes
      slow.heard(MATCHED);
      slow.heard(LOST);
      answered.complete(explanation("price", 0));
      // then
      await().atMost(PATIENCE).until(() -> said().contains("3 fell at ram"));
      assertThat(said()).doesNotContain("fell at price");
    }
  }

  @Test void a_gateway_that_is_away_is_asked_again() {
    // given
    var answers = new AtomicInteger();
    try (var patient = new NoMatchYet(() -> {
      if (answers.incrementAndGet() < 3) {
        throw new GatewayUnavailableException("away", new IllegalStateException("away"));
      }
      return explanation("disk", 0);
    }, screen, OFTEN, OFTEN)) {
      // when
      patient.heard(SUBMITTED);
      // then
      await().atMost(PATIENCE).until(() -> said().contains("3 fell at disk"));
    }
  }
}
