package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Draft.COLLATERAL;
import static network.lilypad.chain.evm.Draft.PRICE;
import static network.lilypad.chain.evm.Keys.AGENT;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;

final class OpenDealTest extends MarketFixture {
  OpenDealTest(Evm evm) {
    super(evm);
  }

  @Test void price_and_collateral_are_locked_by_two_signatures_whoever_sends() {
    var trade = market.trade();
    var receipt = trade.open().send();
    assertThat(market.events(receipt)).containsExactly(event("Opened", "job", trade.job(), "creator", CREATOR,
        "provider", PROVIDER, "attempt", 1, "figures", trade.figures()));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(1, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS - PRICE, PRICE);
    market.assertHas(PROVIDER, FUNDS - COLLATERAL, COLLATERAL);
  }

  @Test void the_sender_makes_no_difference_to_any_balance() {
    for (var sender : List.of(Call.RELAY, CREATOR.address(), PROVIDER.address(), SOLVER.address())) {
      var mark = evm.snapshot();
      market.trade().open().sendAs(sender);
      market.assertHas(CREATOR, FUNDS - PRICE, PRICE);
      market.assertHas(PROVIDER, FUNDS - COLLATERAL, COLLATERAL);
      market.assertHas(SOLVER, 0, 0);
      assertThat(market.account(Call.RELAY).free()).isZero();
      evm.revert(mark);
    }
  }

  @Test void a_deal_with_oneself_locks_both_sums() {
    market.opened(d -> d.provider = CREATOR.address());
    market.assertHas(CREATOR, FUNDS - PRICE - COLLATERAL, PRICE + COLLATERAL);
  }

  @Test void no_price_and_no_collateral_are_a_deal_too() {
    market.opened(d -> {
      d.price = 0;
      d.collateral = 0;
      d.minCollateral = 0;
      d.cost = 0;
    }).acceptOutcome().send();
    market.assertHas(CREATOR, FUNDS, 0);
    market.assertHas(PROVIDER, FUNDS, 0);
  }

  // ------------------------------------------------------------------------------------------------ bounds

  @Test void the_price_is_the_creators_limit_at_most() {
    market.opened(d -> d.price = d.maxPrice);
    market.trade(d -> {
      d.nonce = 2;
      d.price = d.maxPrice + 1;
    }).open().isRefused("TooExpensive", 2_000_000_001L, 2_000_000_000L);
  }

  @Test void the_collateral_is_the_creators_demand_at_least() {
    market.opened(d -> d.collateral = d.minCollateral);
    market.trade(d -> {
      d.nonce = 2;
      d.collateral = d.minCollateral - 1;
    }).open().isRefused("Mismatch", "collateral");
  }

  @Test void a_target_is_the_only_provider() {
    market.opened(d -> d.target = PROVIDER.address());
    market.trade(d -> d.target = STRANGER.address()).open().isRefused("Mismatch", "target");
  }

  @Test void the_lease_ends_when_the_job_must_be_delivered_at_the_latest() {
    market.opened(d -> d.submitBy = d.deliverBy);
    market.trade(d -> {
      d.nonce = 2;
      d.submitBy = d.deliverBy + 1;
    }).open().isRefused("Mismatch", "submitBy");
  }

  @Test void openBy_is_the_last_second() {
    long last = evm.now() + 100;
    var first = market.trade(d -> d.openBy = last);
    var second = market.trade(d -> {
      d.openBy = last;
      d.nonce = 2;
    });
    evm.nextBlockAt(last);
    first.open().send();
    evm.nextBlockAt(last + 1);
    second.open().isRefused("TooLate", last);
  }

  @Test void validUntil_is_the_last_second() {
    long last = evm.now() + 100;
    var first = market.trade(d -> d.validUntil = last);
    var second = market.trade(d -> {
      d.validUntil = last;
      d.nonce = 2;
    });
    evm.nextBlockAt(last);
    first.open().send();
    evm.nextBlockAt(last + 1);
    second.open().isRefused("TooLate", last);
  }

  @Test void either_side_must_cover_its_part_to_the_gwei() {
    market.call("requestWithdrawal", FUNDS - PRICE).sendAs(CREATOR);
    market.call("requestWithdrawal", FUNDS - COLLATERAL).sendAs(PROVIDER);
    var mark = evm.snapshot();
    market.opened();
    evm.revert(mark);
    mark = evm.snapshot();
    market.call("requestWithdrawal", 1).sendAs(CREATOR);
    market.trade().open().isRefused("InsufficientFunds", CREATOR, PRICE, PRICE - 1);
    evm.revert(mark);
    market.call("requestWithdrawal", 1).sendAs(PROVIDER);
    market.trade().open().isRefused("InsufficientFunds", PROVIDER, COLLATERAL, COLLATERAL - 1);
    // and nothing stayed of the half that could be locked
    assertThat(market.account(CREATOR.address()).locked()).isZero();
  }

  // ------------------------------------------------------------------------------------------------ attempts

  @Test void a_job_has_one_live_deal() {
    var trade = market.opened();
    trade.open().isRefused("LedgerConflict", 1, 1);
    trade.again(2, _ -> {}).open().isRefused("LedgerConflict", 1, 1);
    trade.submit().send();
    trade.again(2, _ -> {}).open().isRefused("LedgerConflict", 2, 1);
  }

  @Test void a_later_attempt_opens_after_an_end_without_pay_also_with_another_provider() {
    market.fund(STRANGER.address());
    var trade = market.opened();
    trade.release().send();
    trade.open().isRefused("LedgerConflict", 13, 1);
    var next = trade.again(3, d -> d.provider = STRANGER.address());
    next.open().send();
    assertThat(market.slot(trade.job()).attempt()).isEqualTo(3);
    market.assertHas(STRANGER, FUNDS - COLLATERAL, COLLATERAL);
    next.release().send();
    trade.again(2, _ -> {}).open().isRefused("LedgerConflict", 13, 3);
  }

  @Test void the_last_attempt_has_number_255() {
    var trade = market.opened(d -> d.attempt = 255);
    trade.lapse().send();
    trade.open().isRefused("LedgerConflict", 12, 255);
  }

  // ------------------------------------------------------------------------------------------------ fees

  private Trade withFee() {
    return market.trade(d -> d.maxFee = 1000);
  }

  @Test void whoever_relays_the_named_solver_gets_the_fee() {
    var trade = withFee();
    var receipt = trade.open(1000).send();
    assertThat(market.events(receipt))
        .contains(event("FeePaid", "job", trade.job(), "solver", SOLVER, "fee", 1000));
    market.assertHas(SOLVER, 1000, 0);
    market.assertHas(CREATOR, FUNDS - PRICE - 1000, PRICE);
    assertThat(market.account(Call.RELAY).free()).isZero();
  }

  @Test void the_solver_and_its_agent_may_take_less_and_nobody_else_may_say_so() {
    market.call("setAgent", AGENT.address(), evm.now() + 1000).sendAs(SOLVER);
    for (var sender : List.of(SOLVER, AGENT)) {
      for (long fee : List.of(999L, 0L)) {
        var mark = evm.snapshot();
        withFee().open(fee).sendAs(sender);
        market.assertHas(SOLVER, fee, 0);
        market.assertHas(CREATOR, FUNDS - PRICE - fee, PRICE);
        evm.revert(mark);
      }
    }
    for (var sender : List.of(STRANGER, CREATOR, PROVIDER)) {
      withFee().open(999).isRefusedTo(sender.address(), "NotAParty", sender);
      withFee().openAndSettle(0).isRefusedTo(sender.address(), "NotAParty", sender);
    }
  }

  @Test void nobody_takes_more_than_the_creator_allows() {
    withFee().open(1001).isRefusedTo(SOLVER.address(), "TooExpensive", 1001, 1000);
    withFee().openAndSettle(1001).isRefusedTo(SOLVER.address(), "TooExpensive", 1001, 1000);
    market.trade().open(1).isRefusedTo(SOLVER.address(), "TooExpensive", 1, 0);
  }

  @Test void the_fee_must_be_covered_beside_the_price() {
    market.call("requestWithdrawal", FUNDS - PRICE - 999).sendAs(CREATOR);
    withFee().open().isRefused("InsufficientFunds", CREATOR, PRICE + 1000, PRICE + 999);
  }

  // ------------------------------------------------------------------------------------------------ forged words

  @Test void a_word_changed_after_it_was_signed_is_nobodys() {
    var trade = market.trade();
    var arguments = trade.open().arguments();
    for (int member = 0; member < 17; member++) {
      var offer = new ArrayList<>(trade.offerWords());
      if (member == 6) {
        continue; // the work: below
      }
      offer.set(member, changed(offer.get(member)));
      var call = market.call("openDeal", offer, arguments.get(1), arguments.get(2), arguments.get(3), 0);
      call.isRefused("BadSignature", offer.getFirst());
    }
    for (int member = 0; member < 9; member++) {
      var offer = new ArrayList<>(trade.offerWords());
      var work = new ArrayList<>((List<?>) offer.get(6));
      offer.set(6, replaced(work, member));
      market.call("openDeal", offer, arguments.get(1), arguments.get(2), arguments.get(3), 0)
          .isRefused("BadSignature", CREATOR);
    }
    for (int member = 0; member < 10; member++) {
      var lease = replaced(trade.leaseWords(), member);
      market.call("openDeal", arguments.get(0), arguments.get(1), lease, arguments.get(3), 0)
          .isRefused("BadSignature", lease.get(1));
    }
  }

  private static List<Object> replaced(List<?> words, int member) {
    return IntStream.range(0, words.size()).mapToObj(i -> i == member ? changed(words.get(i)) : (Object) words.get(i))
        .toList();
  }

  /// Another value of the same type.
  private static Object changed(Object word) {
    return switch (word) {
      case Address address -> address.equals(Address.ZERO) ? STRANGER.address() : AGENT.address();
      case Bytes32 _ -> Call.ascii("changed");
      case Lp amount -> amount.gwei() + 1;
      case Number number -> number.longValue() + 1;
      default -> 3;
    };
  }
}
