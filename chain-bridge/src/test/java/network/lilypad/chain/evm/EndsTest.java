package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Draft.COLLATERAL;
import static network.lilypad.chain.evm.Draft.PRICE;
import static network.lilypad.chain.evm.Keys.KEEPER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static network.lilypad.chain.evm.Trade.Word.CANCEL;
import static network.lilypad.chain.evm.Trade.Word.LAPSE;
import static network.lilypad.chain.evm.Trade.Word.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.lilypad.protocol.sign.Wallet;
import org.junit.jupiter.api.Test;

/// cancel, revoke, release, lapse and timeoutSubmit: the ends of a deal without a result.
final class EndsTest extends MarketFixture {
  EndsTest(Evm evm) {
    super(evm);
  }

  private static Artifact.Event ended(Trade trade, long state, long paid, long refunded) {
    return event("Ended", "job", trade.job(), "state", state, "paid", paid, "refunded", refunded);
  }

  // ------------------------------------------------------------------------------------------------ cancel

  @Test void a_cancel_costs_a_tenth_at_least_then_the_time_that_has_run_then_all_of_it() {
    for (var row : List.of(List.of(1L, PRICE / 10), List.of(60L, PRICE / 10), List.of(61L, PRICE * 61 / 600),
        List.of(300L, PRICE / 2), List.of(600L, PRICE), List.of(5000L, PRICE))) {
      var mark = evm.snapshot();
      var trade = market.opened();
      evm.nextBlockAt(evm.now() + row.get(0));
      long paid = row.get(1);
      // when
      var receipt = trade.cancel().send();
      // then
      assertThat(market.events(receipt)).containsExactly(ended(trade, 11, paid, PRICE - paid));
      assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(11, 1, evm.now()));
      market.assertHas(CREATOR, FUNDS - paid, 0);
      market.assertHas(PROVIDER, FUNDS + paid, 0);
      evm.revert(mark);
    }
  }

  @Test void the_odd_gwei_of_a_cancel_is_the_providers() {
    var trade = market.opened(d -> {
      d.price = 11;
      d.cost = 1;
    });
    trade.cancel().send();
    market.assertHas(PROVIDER, FUNDS + 2, 0);
  }

  @Test void a_cancelled_job_has_ended() {
    var trade = market.opened();
    trade.cancel().send();
    trade.cancel().isRefused("WrongState", 11);
    trade.again(2, _ -> {}).open().isRefused("JobEnded", 11);
    trade.revoke().isRefused("JobEnded", 11);
  }

  @Test void only_the_creator_cancels() {
    var trade = market.opened();
    for (var other : List.of(ACCEPTOR, PROVIDER, SOLVER, STRANGER)) {
      trade.signed(CANCEL, other).cancel().isRefused("BadSignature", CREATOR);
      trade.signed(CANCEL, other).cancel().isRefusedTo(CREATOR.address(), "BadSignature", CREATOR);
    }
  }

  // ------------------------------------------------------------------------------------------------ revoke

  @Test void a_revoked_job_never_opens() {
    var trade = market.trade();
    var receipt = trade.revoke().send();
    assertThat(market.events(receipt)).containsExactly(event("Revoked", "job", trade.job()));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(11, 0, evm.now()));
    trade.open().isRefused("JobEnded", 11);
    trade.openAndSettle().isRefused("JobEnded", 11);
    trade.revoke().isRefused("JobEnded", 11);
    market.assertHas(CREATOR, FUNDS, 0);
  }

  @Test void a_job_is_revoked_between_attempts_and_not_while_a_deal_lives() {
    var trade = market.opened();
    trade.revoke().isRefused("WrongState", 1);
    var mark = evm.snapshot();
    trade.submit().send();
    trade.revoke().isRefused("WrongState", 2);
    evm.revert(mark);
    trade.release().send();
    trade.revoke().send();
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(11, 1, evm.now()));
    trade.again(2, _ -> {}).open().isRefused("JobEnded", 11);
  }

  @Test void a_paid_job_is_not_revoked() {
    var trade = market.opened();
    trade.acceptOutcome().send();
    trade.revoke().isRefused("JobEnded", 3);
  }

  @Test void only_the_creator_revokes() {
    var trade = market.trade();
    for (var other : List.of(ACCEPTOR, PROVIDER, SOLVER, STRANGER)) {
      trade.signed(CANCEL, other).revoke().isRefused("BadSignature", CREATOR);
    }
  }

  // ------------------------------------------------------------------------------------------------ release, lapse

  @Test void a_released_deal_refunds_both() {
    var trade = market.opened();
    var receipt = trade.release().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 13, 0, PRICE));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(13, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS, 0);
    market.assertHas(PROVIDER, FUNDS, 0);
    trade.release().isRefused("WrongState", 13);
  }

  @Test void only_the_provider_releases() {
    var trade = market.opened();
    for (var other : List.of(CREATOR, ACCEPTOR, SOLVER, STRANGER)) {
      trade.signed(RELEASE, other).release().isRefused("BadSignature", PROVIDER);
    }
  }

  @Test void a_release_after_submit_by_is_too_late_and_does_not_spare_the_slash() {
    var trade = market.opened();
    long submitBy = trade.lease().submitBy();
    var mark = evm.snapshot();
    evm.nextBlockAt(submitBy);
    trade.release().send();
    evm.revert(mark);
    evm.moveTo(submitBy + 1);
    trade.release().isRefused("TooLate", submitBy);
    trade.timeoutSubmit().send();
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(8, 1, evm.now()));
  }

  @Test void a_release_of_an_earlier_attempt_does_not_end_a_later_one() {
    var trade = market.opened();
    trade.release().send();
    var next = trade.again(2, _ -> {});
    next.open().send();
    next.with(RELEASE, trade.signature(RELEASE)).release().isRefused("BadSignature", PROVIDER);
  }

  @Test void a_lapsed_deal_refunds_both() {
    var trade = market.opened();
    var receipt = trade.lapse().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 12, 0, PRICE));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(12, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS, 0);
    market.assertHas(PROVIDER, FUNDS, 0);
    trade.lapse().isRefused("WrongState", 12);
  }

  @Test void only_the_solver_that_the_offer_names_lets_a_deal_lapse_and_its_time_is_signed() {
    var trade = market.opened();
    for (var other : List.of(CREATOR, ACCEPTOR, PROVIDER, STRANGER)) {
      trade.signed(LAPSE, other).lapse().isRefused("BadSignature", SOLVER);
    }
    market.call("lapse", trade.job(), trade.terms(), Trade.SILENT_AT + 1, trade.signature(LAPSE))
        .isRefused("BadSignature", SOLVER);
  }

  @Test void a_result_on_the_chain_beats_lapse_release_cancel_and_the_missed_deadline() {
    var trade = market.submitted();
    evm.pass(100_000);
    for (var call : List.of(trade.lapse(), trade.release(), trade.cancel(), trade.timeoutSubmit())) {
      call.isRefused("WrongState", 2);
    }
  }

  // ------------------------------------------------------------------------------------------------ timeoutSubmit

  /// A deal whose submitBy is the newest block's time.
  private Trade late(long price, long collateral) {
    long submitBy = evm.now() + 100;
    var trade = market.opened(d -> {
      d.price = price;
      d.cost = 0;
      d.collateral = collateral;
      d.minCollateral = 0;
      d.submitBy = submitBy;
    });
    evm.moveTo(submitBy);
    return trade;
  }

  private void assertSlashed(Trade trade, Wallet sender, long compensation, long tip, long pool) {
    long price = trade.lease().price().gwei();
    long keeper = market.free(sender);
    var receipt = trade.timeoutSubmit().sendAs(sender);
    long slashed = compensation + tip + pool;
    assertThat(market.events(receipt)).containsExactly(ended(trade, 8, 0, price + compensation),
        event("Slashed", "job", trade.job(), "provider", PROVIDER, "amount", slashed));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(8, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS + compensation, 0);
    market.assertHas(PROVIDER, FUNDS - slashed, 0);
    if (!sender.equals(CREATOR) && !sender.equals(PROVIDER)) {
      market.assertHas(sender, keeper + tip, 0);
    }
    market.assertPool(pool);
  }

  @Test void a_missed_deadline_refunds_the_creator_and_a_fifth_of_the_price_is_slashed() {
    assertSlashed(late(PRICE, COLLATERAL), KEEPER, PRICE / 10, PRICE / 100, PRICE / 10 - PRICE / 100);
  }

  @Test void a_party_that_ends_it_itself_gets_no_tip() {
    for (var party : List.of(CREATOR, PROVIDER)) {
      var mark = evm.snapshot();
      assertSlashed(late(PRICE, COLLATERAL), party, PRICE / 10, 0, PRICE / 10);
      evm.revert(mark);
    }
  }

  @Test void the_second_after_submitBy_is_the_first() {
    var trade = late(PRICE, COLLATERAL);
    long submitBy = evm.now();
    var mark = evm.snapshot();
    evm.nextBlockAt(submitBy + 1);
    trade.timeoutSubmit().send();
    evm.revert(mark);
    var punctual = market.trade(d -> {
      d.nonce = 2;
      d.submitBy = submitBy + 50;
    });
    punctual.open().send();
    evm.nextBlockAt(submitBy + 50);
    punctual.timeoutSubmit().isRefused("TooEarly", submitBy + 51);
  }

  @Test void no_slash_exceeds_the_collateral() {
    // the victim first: half of it, and the odd gwei is not the victim's
    assertSlashed(late(PRICE, 7), KEEPER, 3, 4, 0);
  }

  @Test void the_keepers_tip_is_a_hundredth_of_the_price_at_most_and_never_the_victims() {
    assertSlashed(late(PRICE, PRICE / 100), KEEPER, PRICE / 200, PRICE / 200, 0);
  }

  @Test void odd_gwei_of_a_slash_go_to_the_pool() {
    // a fifth of 999 is 199, half of it 99, a hundredth of the price 9
    assertSlashed(late(999, 1000), KEEPER, 99, 9, 91);
  }

  @Test void without_collateral_nothing_is_slashed_and_the_creator_is_refunded() {
    assertSlashed(late(PRICE, 0), KEEPER, 0, 0, 0);
  }

  @Test void a_deal_ends_once_and_the_next_attempt_may_open() {
    var trade = late(PRICE, COLLATERAL);
    trade.timeoutSubmit().send();
    trade.timeoutSubmit().isRefused("WrongState", 8);
    trade.again(2, _ -> {}).open().send();
  }

  @Test void a_deal_with_oneself_loses_only_what_goes_to_others() {
    long submitBy = evm.now() + 100;
    var trade = market.opened(d -> {
      d.provider = CREATOR.address();
      d.submitBy = submitBy;
    });
    evm.moveTo(submitBy);
    trade.timeoutSubmit().sendAs(KEEPER);
    market.assertHas(CREATOR, FUNDS - PRICE / 10, 0);
    market.assertHas(KEEPER, PRICE / 100, 0);
  }
}
