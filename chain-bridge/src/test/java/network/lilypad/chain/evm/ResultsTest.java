package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.evm.Draft.COLLATERAL;
import static network.lilypad.chain.evm.Draft.PRICE;
import static network.lilypad.chain.evm.Draft.REVIEW_SECONDS;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static network.lilypad.chain.evm.Trade.Word.ACCEPTANCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;

/// submitResult, acceptResult, acceptOutcome and settle: the ways to be paid for a result.
final class ResultsTest extends MarketFixture {
  private static final Bytes32 OTHER = Keccak256.hash("another result");

  ResultsTest(Evm evm) {
    super(evm);
  }

  private void assertPaid(Trade trade, long state) {
    long cost = trade.outcome().cost();
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(state, trade.lease().attempt(), evm.now()));
    assertThat(market.controller.call("ended", trade.job(), trade.outcome().commitment(), cost))
        .containsExactly(state);
    assertThat(market.controller.call("ended", trade.job(), trade.outcome().commitment(), cost + 1))
        .containsExactly(0L);
    assertThat(market.controller.call("ended", trade.job(), OTHER, cost)).containsExactly(0L);
    market.assertHas(CREATOR, FUNDS - cost, 0);
    market.assertHas(PROVIDER, FUNDS + cost, 0);
  }

  private static Artifact.Event ended(Trade trade, long state) {
    long cost = trade.outcome().cost();
    return event("Ended", "job", trade.job(), "state", state, "paid", cost, "refunded",
        trade.lease().price().gwei() - cost);
  }

  // ------------------------------------------------------------------------------------------------ submitResult

  @Test void a_submitted_result_moves_no_money_and_starts_the_review() {
    var trade = market.opened();
    var receipt = trade.submit().send();
    assertThat(market.events(receipt)).containsExactly(event("Submitted", "job", trade.job(), "commitment",
        trade.outcome().commitment(), "cost", trade.outcome().cost()));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(2, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS - PRICE, PRICE);
    market.assertHas(PROVIDER, FUNDS - COLLATERAL, COLLATERAL);
    trade.submit().isRefused("WrongState", 2);
  }

  @Test void submitBy_is_the_last_second() {
    long last = evm.now() + 1000;
    var trade = market.opened(d -> d.submitBy = last);
    var mark = evm.snapshot();
    evm.nextBlockAt(last);
    trade.submit().send();
    evm.revert(mark);
    evm.nextBlockAt(last + 1);
    trade.submit().isRefused("TooLate", last);
  }

  /// Started and ended are whole seconds: a run may have taken one more than their difference.
  @Test void a_cost_is_the_price_for_the_metered_time_at_most_rounded_up() {
    long at = evm.now();
    for (var row : List.of(
        // seconds that passed, the most that it may cost
        List.of(0L, PRICE / 600), List.of(1L, PRICE / 300), List.of(299L, PRICE / 2), List.of(598L, PRICE * 599 / 600),
        List.of(599L, PRICE), List.of(600L, PRICE), List.of(1L << 39, PRICE))) {
      var mark = evm.snapshot();
      var trade = market.opened();
      long limit = row.get(1);
      var commitment = trade.outcome().commitment();
      trade.with(new Trade.Outcome(commitment, limit + 1, at, at + row.get(0))).submit()
          .isRefused("TooLarge", limit + 1, limit);
      trade.with(new Trade.Outcome(commitment, limit + 1, at, at + row.get(0))).acceptOutcome()
          .isRefused("TooLarge", limit + 1, limit);
      trade.with(new Trade.Outcome(commitment, limit, at, at + row.get(0))).submit().send();
      evm.revert(mark);
    }
  }

  @Test void an_odd_gwei_of_a_metered_limit_is_the_providers() {
    var trade = market.opened(d -> {
      d.price = 1000;
      d.cost = 1;
      d.runSeconds = 7;
    });
    long at = evm.now();
    var commitment = trade.outcome().commitment();
    // three sevenths of a thousand are 428.57
    trade.with(new Trade.Outcome(commitment, 430, at, at + 2)).submit().isRefused("TooLarge", 430, 429);
    trade.with(new Trade.Outcome(commitment, 429, at, at + 2)).submit().send();
  }

  @Test void a_run_does_not_end_before_it_starts() {
    var trade = market.opened();
    var backwards = market.call("submitResult", trade.job(), trade.terms(),
        new Trade.Outcome(OTHER, 0, 10, 9), new byte[65]);
    backwards.isRefused("Malformed", "endedAt");
  }

  // ------------------------------------------------------------------------------------------------ acceptResult

  @Test void an_accepted_result_is_paid_and_the_rest_comes_back() {
    var trade = market.submitted();
    var receipt = trade.accept().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 3));
    assertPaid(trade, 3);
    trade.accept().isRefused("WrongState", 3);
  }

  @Test void the_acceptor_accepts_in_the_creators_place() {
    var trade = market.submitted().signed(ACCEPTANCE, ACCEPTOR);
    trade.accept().send();
    assertPaid(trade, 3);
  }

  @Test void no_acceptor_is_nobody() {
    var trade = market.submitted(d -> d.acceptor = Address.ZERO);
    trade.signed(ACCEPTANCE, ACCEPTOR).accept().isRefused("BadSignature", CREATOR);
    trade.with(ACCEPTANCE, new byte[65]).accept().isRefused("BadSignature", CREATOR);
    trade.accept().send();
    assertPaid(trade, 3);
  }

  @Test void only_what_was_submitted_can_be_accepted() {
    var trade = market.submitted();
    var outcome = trade.outcome();
    trade.with(new Trade.Outcome(OTHER, outcome.cost(), 0, 0)).accept().isRefused("Mismatch", "terms");
    trade.with(new Trade.Outcome(outcome.commitment(), outcome.cost() + 1, 0, 0)).accept()
        .isRefused("Mismatch", "terms");
  }

  @Test void an_acceptance_comes_in_time_also_when_the_review_is_over() {
    var trade = market.submitted();
    evm.pass(10L * REVIEW_SECONDS);
    trade.accept().send();
    assertPaid(trade, 3);
  }

  // ------------------------------------------------------------------------------------------------ acceptOutcome

  @Test void a_result_and_its_acceptance_settle_in_one_step() {
    var trade = market.opened();
    var receipt = trade.acceptOutcome().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 3));
    assertPaid(trade, 3);
    trade.acceptOutcome().isRefused("WrongState", 3);
  }

  @Test void parties_that_agree_settle_also_after_submitBy() {
    var trade = market.opened(d -> d.submitBy = evm.now() + 100);
    evm.pass(1000);
    trade.signed(ACCEPTANCE, ACCEPTOR).acceptOutcome().send();
    assertPaid(trade, 3);
  }

  @Test void an_acceptance_of_another_cost_or_result_settles_nothing() {
    var trade = market.opened();
    var outcome = trade.outcome();
    var dearer = trade.with(new Trade.Outcome(outcome.commitment(), outcome.cost() - 1, outcome.startedAt(),
        outcome.endedAt()));
    trade.with(ACCEPTANCE, dearer.signature(ACCEPTANCE)).acceptOutcome().isRefused("BadSignature", CREATOR);
    var other = trade.with(new Trade.Outcome(OTHER, outcome.cost(), outcome.startedAt(), outcome.endedAt()));
    trade.with(ACCEPTANCE, other.signature(ACCEPTANCE)).acceptOutcome().isRefused("BadSignature", CREATOR);
  }

  @Test void a_deal_with_oneself_moves_nothing_in_the_end() {
    var trade = market.opened(d -> d.provider = CREATOR.address());
    trade.acceptOutcome().send();
    market.assertHas(CREATOR, FUNDS, 0);
  }

  @Test void a_free_run_and_the_whole_price_are_costs_like_others() {
    for (long cost : List.of(0L, PRICE)) {
      var mark = evm.snapshot();
      var trade = market.opened(d -> {
        d.cost = cost;
        d.endedAt = d.startedAt + 599;
      });
      assertThat(market.events(trade.acceptOutcome().send())).containsExactly(ended(trade, 3));
      assertPaid(trade, 3);
      evm.revert(mark);
    }
  }

  // ------------------------------------------------------------------------------------------------ settle

  @Test void silence_through_the_review_is_paid_and_not_a_second_before() {
    var trade = market.submitted();
    long reviewEnds = evm.now() + REVIEW_SECONDS;
    evm.nextBlockAt(reviewEnds - 1);
    trade.settle().isRefused("TooEarly", reviewEnds);
    evm.nextBlockAt(reviewEnds);
    var receipt = trade.settle().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 9));
    assertPaid(trade, 9);
    trade.settle().isRefused("WrongState", 9);
  }

  @Test void a_review_of_no_seconds_is_over_at_once() {
    var trade = market.submitted(d -> d.reviewSeconds = 0);
    trade.check().isRefused("TooLate", evm.now());
    trade.settle().send();
    assertPaid(trade, 9);
  }

  @Test void the_longest_review_ends_too() {
    var trade = market.submitted(d -> d.reviewSeconds = Integer.MAX_VALUE);
    long reviewEnds = evm.now() + Integer.MAX_VALUE;
    trade.settle().isRefused("TooEarly", reviewEnds);
    evm.nextBlockAt(reviewEnds);
    trade.settle().send();
    assertPaid(trade, 9);
  }

  @Test void only_what_was_submitted_can_be_settled() {
    var trade = market.submitted();
    evm.pass(REVIEW_SECONDS);
    trade.with(new Trade.Outcome(OTHER, trade.outcome().cost(), 0, 0)).settle().isRefused("Mismatch", "terms");
    trade.with(new Trade.Outcome(trade.outcome().commitment(), PRICE, 0, 0)).settle()
        .isRefused("Mismatch", "terms");
  }
}
