package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static network.lilypad.chain.evm.Trade.Word.ACCEPTANCE;
import static org.assertj.core.api.Assertions.assertThat;

import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;

final class OpenAndSettleTest extends MarketFixture {
  private static final long COST = 1_200_000_000;

  OpenAndSettleTest(Evm evm) {
    super(evm);
  }

  @Test void four_signatures_pay_a_finished_job_in_one_step() {
    var trade = market.trade(d -> d.maxFee = 70);
    var receipt = trade.openAndSettle().send();
    assertThat(market.events(receipt)).containsExactly(
        event("Opened", "job", trade.job(), "creator", CREATOR, "provider", PROVIDER, "attempt", 1, "figures",
            trade.figures()),
        event("Ended", "job", trade.job(), "state", 3, "paid", COST, "refunded", 0),
        event("FeePaid", "job", trade.job(), "solver", SOLVER, "fee", 70));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(3, 1, evm.now()));
    assertThat(market.controller.call("ended", trade.job(), trade.outcome().commitment(), COST)).containsExactly(3L);
    market.assertHas(CREATOR, FUNDS - COST - 70, 0);
    market.assertHas(PROVIDER, FUNDS + COST, 0);
    market.assertHas(SOLVER, 70, 0);
  }

  @Test void it_is_paid_once_and_no_attempt_follows() {
    var trade = market.trade();
    trade.openAndSettle().send();
    trade.openAndSettle().isRefused("JobEnded", 3);
    trade.open().isRefused("JobEnded", 3);
    trade.again(2, _ -> {}).openAndSettle().isRefused("JobEnded", 3);
    market.assertHas(PROVIDER, FUNDS + COST, 0);
  }

  @Test void what_was_opened_is_not_settled_beside_its_lock() {
    var trade = market.opened();
    trade.openAndSettle().isRefused("LedgerConflict", 1, 1);
    trade.again(2, _ -> {}).openAndSettle().isRefused("LedgerConflict", 1, 1);
    trade.release().send();
    trade.openAndSettle().isRefused("LedgerConflict", 13, 1);
    trade.again(2, _ -> {}).openAndSettle().send();
    market.assertHas(PROVIDER, FUNDS + COST, 0);
  }

  @Test void a_reorganisation_beyond_all_deadlines_still_pays() {
    var trade = market.trade().signed(ACCEPTANCE, ACCEPTOR);
    evm.pass(1_000_000);
    trade.openAndSettle().send();
    market.assertHas(PROVIDER, FUNDS + COST, 0);
  }

  @Test void price_target_and_time_bind_as_in_an_opening() {
    market.trade(d -> d.price = d.maxPrice + 1).openAndSettle()
        .isRefused("TooExpensive", 2_000_000_001L, 2_000_000_000L);
    market.trade(d -> d.target = STRANGER.address()).openAndSettle().isRefused("Mismatch", "target");
    market.trade(d -> d.endedAt = d.startedAt).openAndSettle().isRefused("TooLarge", COST, Draft.PRICE / 600);
  }

  @Test void only_the_cost_and_the_fee_must_be_there() {
    market.call("requestWithdrawal", FUNDS - COST).sendAs(CREATOR);
    var mark = evm.snapshot();
    market.trade().openAndSettle().send();
    market.assertHas(CREATOR, 0, 0);
    evm.revert(mark);
    market.trade(d -> d.maxFee = 1).openAndSettle().isRefused("InsufficientFunds", CREATOR, COST + 1, COST);
  }

  @Test void a_deal_with_oneself_moves_nothing() {
    market.trade(d -> d.provider = CREATOR.address()).openAndSettle().send();
    market.assertHas(CREATOR, FUNDS, 0);
  }

  @Test void another_outcome_than_the_accepted_is_not_paid() {
    var trade = market.trade();
    var other = trade.with(new Trade.Outcome(Keccak256.hash("another"), COST, trade.outcome().startedAt(),
        trade.outcome().endedAt()));
    trade.with(ACCEPTANCE, other.signature(ACCEPTANCE)).openAndSettle().isRefused("BadSignature", CREATOR);
    other.with(Trade.Word.RESULT, trade.signature(Trade.Word.RESULT)).openAndSettle()
        .isRefused("BadSignature", PROVIDER);
  }
}
