package network.lilypad.chain;

import static network.lilypad.chain.FaultyLedger.Fault.SILENT_AFTER;
import static network.lilypad.chain.FaultyLedger.Fault.SILENT_BEFORE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import network.lilypad.chain.local.Databases;
import network.lilypad.chain.local.LocalLedger;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;

/// The bridge before a real embedded ledger behind a bad line.
final class ChainBridgeTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final ExecutorService VIRTUAL = Executors.newVirtualThreadPerTaskExecutor();
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4), new Random(1));

  private FaultyLedger ledger;
  private Cast cast;
  private ActorRef<Bridge.Command> bridge;
  private final TestProbe<Bridge.Reply> probe = KIT.createTestProbe();

  @BeforeEach void start() {
    ledger = new FaultyLedger(LocalLedger.open(Databases.memory(), new TestClock(), new Random(1)));
    cast = new Cast(ledger.domain());
    bridge = KIT.spawn(ChainBridge.create(ledger, Cast.SOLVER, VIRTUAL, QUICK));
  }

  /// A test that fails leaves nobody at the gate: the end would wait for them.
  @AfterEach void release() {
    ledger.release();
  }

  @AfterAll static void stop() {
    KIT.shutdownTestKit();
    VIRTUAL.close();
  }

  private Bridge.Faucet faucet(long nonce) {
    return faucet(nonce, probe);
  }

  private static Bridge.Faucet faucet(long nonce, TestProbe<Bridge.Reply> to) {
    return new Bridge.Faucet(Cast.CREATOR.address(), Lp.of(1), nonce, to.ref());
  }

  private Bridge.Receipt receipt() {
    return probe.expectMessageClass(Bridge.Receipt.class);
  }

  private Rejection refusal() {
    return probe.expectMessageClass(Bridge.Refused.class).why();
  }

  /// Sends one intent that stays at the ledger until it is released.
  private void occupy() {
    ledger.hold();
    bridge.tell(faucet(0));
    probe.awaitAssert(() -> {
      assertThat(ledger.batches()).hasSize(1);
      return true;
    });
  }

  private Lp free() {
    return ledger.totals().free();
  }

  private Intent.Open opened() {
    for (var wallet : List.of(Cast.CREATOR, Cast.PROVIDER)) {
      bridge.tell(new Bridge.Faucet(wallet.address(), Cast.FUNDS, 1, probe.ref()));
      receipt();
    }
    var open = cast.open(Cast.offer(1), 1);
    bridge.tell(new Bridge.Open(open.offer(), open.lease(), probe.ref()));
    assertThat(receipt().phase()).isEqualTo(DealPhase.AGREED);
    return open;
  }

  @Test void what_arrives_while_a_batch_runs_is_the_next_batch() {
    occupy();
    IntStream.rangeClosed(1, 300).forEach(nonce -> bridge.tell(faucet(nonce)));
    // when
    bridge.tell(new Bridge.GetBalance(Cast.STRANGER.address(), KIT.<Bridge.Balance>createTestProbe().ref()));
    ledger.release();
    // then
    IntStream.rangeClosed(0, 300).forEach(_ -> receipt());
    assertThat(ledger.batches().stream().mapToInt(size -> size).sum()).isEqualTo(301);
    assertThat(ledger.batches()).first().isEqualTo(1);
    assertThat(ledger.batches()).allMatch(size -> size <= Settlement.MAX_BATCH);
  }

  @Test void an_intent_asked_again_while_it_runs_or_waits_joins_it_and_all_are_answered() {
    occupy();
    TestProbe<Bridge.Reply> other = KIT.createTestProbe();
    bridge.tell(faucet(0, other));
    bridge.tell(faucet(1));
    bridge.tell(faucet(1, other));
    ledger.release();
    // then
    assertThat(List.of(receipt(), receipt()))
        .isEqualTo(List.of(other.receiveMessage(), other.receiveMessage()));
    assertThat(ledger.batches()).containsExactly(1, 1);
    assertThat(free()).isEqualTo(Lp.of(2));
  }

  @Test void of_too_many_askers_of_one_intent_the_oldest_is_forgotten() {
    occupy();
    var others = IntStream.range(0, Waiting.MAX_ASKERS).mapToObj(_ -> KIT.<Bridge.Reply>createTestProbe()).toList();
    others.forEach(other -> bridge.tell(faucet(0, other)));
    bridge.tell(faucet(1));
    ledger.release();
    // then the first message to the forgotten one is the answer to its next question
    var replies = others.stream().map(TestProbe::receiveMessage).toList();
    assertThat(replies.stream().distinct()).hasSize(1);
    assertThat(receipt()).isNotEqualTo(replies.getFirst());
  }

  @Test void two_endings_of_one_deal_are_two_questions() {
    var open = opened();
    TestProbe<Bridge.Reply> other = KIT.createTestProbe();
    occupy(ledger.batches().size());
    bridge.tell(new Bridge.End(open.deal(), new Bridge.NoResult(), other.ref()));
    bridge.tell(new Bridge.End(open.deal(), new Bridge.Lapsed(TestClock.START), probe.ref()));
    ledger.release();
    assertThat(other.expectMessageClass(Bridge.Refused.class).why()).isInstanceOf(Rejection.TooEarly.class);
    assertThat(List.of(receipt().phase(), receipt().phase()))
        .containsExactly(DealPhase.NEGOTIATING, DealPhase.LAPSED);
  }

  private void occupy(int before) {
    ledger.hold();
    bridge.tell(faucet(-1));
    probe.awaitAssert(() -> {
      assertThat(ledger.batches()).hasSize(before + 1);
      return true;
    });
  }

  @Test void above_the_bound_an_intent_is_refused_as_overload_and_the_others_are_kept() {
    occupy();
    TestProbe<Bridge.Reply> late = KIT.createTestProbe();
    IntStream.rangeClosed(1, Waiting.MAX_INTENTS).forEach(nonce -> bridge.tell(faucet(nonce)));
    bridge.tell(faucet(Waiting.MAX_INTENTS + 1, late));
    assertThat(late.expectMessageClass(Bridge.Refused.class).why())
        .isEqualTo(new Rejection.Overloaded("money intents", Waiting.MAX_INTENTS, ChainBridge.RETRY_MILLIS));
    // when
    ledger.release();
    // then
    assertThat(probe.receiveSeveralMessages(Waiting.MAX_INTENTS + 1, Duration.ofSeconds(60)))
        .allMatch(Bridge.Receipt.class::isInstance);
  }

  @Test void a_silent_ledger_is_asked_again_until_it_answers() {
    ledger.next(SILENT_BEFORE, SILENT_BEFORE, SILENT_BEFORE);
    bridge.tell(faucet(1));
    receipt();
    assertThat(ledger.batches()).containsExactly(1, 1, 1, 1);
    assertThat(free()).isEqualTo(Lp.of(1));
  }

  @Test void a_ledger_that_falls_silent_after_its_work_moves_the_money_once() {
    ledger.next(SILENT_AFTER, SILENT_AFTER);
    bridge.tell(faucet(1));
    var first = receipt();
    bridge.tell(faucet(1));
    assertThat(receipt()).isEqualTo(first);
    assertThat(free()).isEqualTo(Lp.of(1));
  }

  @Test void an_intent_on_which_the_ledger_breaks_is_found_and_refused_alone() {
    ledger.poison(intent -> intent instanceof Intent.Faucet faucet && faucet.nonce() == 7);
    TestProbe<Bridge.Reply> unlucky = KIT.createTestProbe();
    occupy();
    IntStream.rangeClosed(1, 20).forEach(nonce -> bridge.tell(faucet(nonce, nonce == 7 ? unlucky : probe)));
    ledger.release();
    // then
    assertThat(unlucky.expectMessageClass(Bridge.Refused.class).why()).isInstanceOf(Rejection.Unavailable.class);
    IntStream.rangeClosed(0, 19).forEach(_ -> receipt());
    assertThat(free()).isEqualTo(Lp.of(20));
  }

  @Test void a_lapse_is_signed_by_the_solver() {
    var open = opened();
    bridge.tell(new Bridge.End(open.deal(), new Bridge.Lapsed(TestClock.START), probe.ref()));
    assertThat(receipt().phase()).isEqualTo(DealPhase.LAPSED);
  }

  @Test void every_word_reaches_the_ledger_as_its_intent() {
    var open = opened();
    var offer = Cast.offer(2);
    var submit = cast.submit(open, Cast.PRICE);
    var accepted = (Intent.Accepted) cast.accept(open, Cast.PRICE).proof();
    for (var word : List.<Bridge.Command>of(
        new Bridge.Reserve(cast.sign(Cast.CREATOR, offer), cast.job(offer), probe.ref()),
        new Bridge.Unreserve(cast.job(offer), probe.ref()), new Bridge.Annul(cast.job(offer), 1, probe.ref()),
        new Bridge.Submit(open.deal(), submit.result(), probe.ref()),
        new Bridge.End(open.deal(), new Bridge.Accepted(accepted.result(), accepted.acceptance()), probe.ref()))) {
      bridge.tell(word);
    }
    assertThat(IntStream.range(0, 5).mapToObj(_ -> receipt().phase())).containsExactly(DealPhase.NEGOTIATING,
        DealPhase.NEGOTIATING, DealPhase.TIMEOUT_AGREE, DealPhase.RESULTS_SUBMITTED, DealPhase.RESULTS_ACCEPTED);
  }

  @Test void a_word_whose_numbers_are_out_of_bounds_is_refused() {
    var open = opened();
    bridge.tell(new Bridge.End(open.deal(), new Bridge.Lapsed(-1), probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.Malformed.class);
    bridge.tell(new Bridge.Annul(cast.job(Cast.offer(1)), 0, probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.Malformed.class);
  }

  @Test void deals_and_balances_are_told_from_the_ledger() {
    var open = opened();
    bridge.tell(new Bridge.GetDeal(open.deal(), probe.ref()));
    assertThat(receipt().phase()).isEqualTo(DealPhase.AGREED);
    bridge.tell(new Bridge.GetDeal(cast.job(Cast.offer(5)).deal(1), probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.NotFound.class);
    TestProbe<Bridge.Balance> balances = KIT.createTestProbe();
    bridge.tell(new Bridge.GetBalance(Cast.PROVIDER.address(), balances.ref()));
    assertThat(balances.receiveMessage()).isEqualTo(new Bridge.Balance(Cast.PROVIDER.address(),
        Cast.FUNDS.minus(Cast.COLLATERAL), Lp.ZERO, Cast.COLLATERAL));
  }

  @Test void a_question_the_ledger_does_not_answer_and_one_too_many_are_refused() {
    var deal = cast.job(Cast.offer(1)).deal(1);
    ledger.next(SILENT_BEFORE);
    bridge.tell(new Bridge.GetDeal(deal, probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.Unavailable.class);
    ledger.hold();
    TestProbe<Bridge.Reply> held = KIT.createTestProbe();
    IntStream.range(0, ChainBridge.MAX_READS).forEach(_ -> bridge.tell(new Bridge.GetDeal(deal, held.ref())));
    bridge.tell(new Bridge.GetDeal(deal, probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.Unavailable.class);
    // when
    ledger.release();
    // then
    IntStream.range(0, ChainBridge.MAX_READS).forEach(_ -> held.expectMessageClass(Bridge.Refused.class));
    bridge.tell(new Bridge.GetDeal(deal, probe.ref()));
    assertThat(refusal()).isInstanceOf(Rejection.NotFound.class);
  }
}
