package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.GWEI;
import static network.lilypad.chain.evm.Market.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.Test;

final class WithdrawalTest extends MarketFixture {
  private static final long DELAY = 600;

  WithdrawalTest(Evm evm) {
    super(evm);
  }

  private Call request(long amount) {
    return market.call("requestWithdrawal", amount);
  }

  private Call withdraw(Address to) {
    return market.call("withdraw", to);
  }

  @Test void a_request_lowers_the_free_balance_at_once() {
    var receipt = request(40).sendAs(CREATOR);
    long takeableAt = evm.now() + DELAY;
    assertThat(market.events(receipt)).containsExactly(
        event("WithdrawalRequested", "account", CREATOR, "amount", 40, "takeableAt", takeableAt));
    assertThat(market.account(CREATOR.address())).isEqualTo(new Market.Account(FUNDS - 40, 0, 40, takeableAt));
    market.assertConserved();
  }

  @Test void the_money_can_be_taken_when_the_delay_has_passed_and_not_a_second_before() {
    request(40).sendAs(CREATOR);
    long takeableAt = evm.now() + DELAY;
    evm.nextBlockAt(takeableAt - 1);
    withdraw(STRANGER.address()).isRefusedTo(CREATOR.address(), "TooEarly", takeableAt);
    // when
    evm.nextBlockAt(takeableAt);
    var receipt = withdraw(STRANGER.address()).sendAs(CREATOR);
    // then
    assertThat(market.events(receipt))
        .containsExactly(event("Withdrawn", "account", CREATOR, "to", STRANGER, "amount", 40));
    assertThat(market.token.get(BigInteger.class, "balanceOf", STRANGER.address()))
        .isEqualTo(BigInteger.valueOf(40).multiply(GWEI));
    assertThat(market.account(CREATOR.address())).isEqualTo(new Market.Account(FUNDS - 40, 0, 0, 0));
    assertThat(market.totals().issued()).isEqualTo(2 * FUNDS - 40);
    market.assertConserved();
    // and no second time
    withdraw(STRANGER.address()).isRefusedTo(CREATOR.address(), "InsufficientFunds", CREATOR, 1, 0);
  }

  @Test void asking_again_adds_and_starts_the_delay_anew() {
    request(40).sendAs(CREATOR);
    evm.pass(DELAY - 1);
    request(2).sendAs(CREATOR);
    long takeableAt = evm.now() + DELAY;
    withdraw(CREATOR.address()).isRefusedTo(CREATOR.address(), "TooEarly", takeableAt);
    assertThat(market.account(CREATOR.address())).isEqualTo(new Market.Account(FUNDS - 42, 0, 42, takeableAt));
  }

  @Test void a_request_can_be_taken_back() {
    request(40).sendAs(CREATOR);
    var receipt = market.call("cancelWithdrawal").sendAs(CREATOR);
    assertThat(market.events(receipt))
        .containsExactly(event("WithdrawalCancelled", "account", CREATOR, "amount", 40));
    assertThat(market.account(CREATOR.address())).isEqualTo(new Market.Account(FUNDS, 0, 0, 0));
    market.call("cancelWithdrawal").isRefusedTo(CREATOR.address(), "InsufficientFunds", CREATOR, 1, 0);
  }

  @Test void the_last_gwei_can_leave_and_none_that_is_locked_or_leaving() {
    request(FUNDS + 1).isRefusedTo(CREATOR.address(), "InsufficientFunds", CREATOR, FUNDS + 1, FUNDS);
    market.opened();
    long free = FUNDS - Draft.PRICE;
    request(free + 1).isRefusedTo(CREATOR.address(), "InsufficientFunds", CREATOR, free + 1, free);
    request(free).sendAs(CREATOR);
    request(1).isRefusedTo(CREATOR.address(), "InsufficientFunds", CREATOR, 1, 0);
    assertThat(market.account(CREATOR.address()).locked()).isEqualTo(Draft.PRICE);
  }

  @Test void a_deal_may_open_settle_and_close_while_money_is_leaving() {
    request(40).sendAs(CREATOR);
    long takeableAt = evm.now() + DELAY;
    var trade = market.opened();
    trade.acceptOutcome().send();
    assertThat(market.account(CREATOR.address()))
        .isEqualTo(new Market.Account(FUNDS - 40 - trade.outcome().cost(), 0, 40, takeableAt));
    market.assertConserved();
  }

  @Test void nothing_cannot_be_asked_for_and_nobody_and_the_contract_cannot_be_paid() {
    request(0).isRefusedTo(CREATOR.address(), "Malformed", "amount");
    request(1).isRefusedTo(STRANGER.address(), "InsufficientFunds", STRANGER, 1, 0);
    request(40).sendAs(CREATOR);
    evm.pass(DELAY);
    withdraw(Address.ZERO).isRefusedTo(CREATOR.address(), "Malformed", "to");
    withdraw(market.controller.address()).isRefusedTo(CREATOR.address(), "Malformed", "to");
    withdraw(STRANGER.address()).isRefusedTo(STRANGER.address(), "InsufficientFunds", STRANGER, 1, 0);
  }
}
