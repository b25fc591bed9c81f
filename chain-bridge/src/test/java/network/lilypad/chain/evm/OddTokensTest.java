package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.GWEI;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens that are not what one would wish: nobody is credited what did not come, and nobody is paid twice.
@ExtendWith(OnAnvil.class)
final class OddTokensTest {
  private final Evm evm;

  OddTokensTest(Evm evm) {
    this.evm = evm;
  }

  /// The creator has asked for all its money, and can take it.
  private static void allLeaves(Market market) {
    market.call("requestWithdrawal", market.free(CREATOR)).sendAs(CREATOR);
    market.evm.pass(600);
  }

  @Test void a_fee_on_transfer_is_the_depositors_and_the_takers_own_loss() {
    var market = Market.withToken(evm, "FeeToken");
    market.deposit(CREATOR.address(), 1001).sendAs(market.treasurer);
    // then: a hundredth and the fraction of a gwei did not come
    market.assertHas(CREATOR, 990, 0);
    market.deposit(PROVIDER.address(), 1000).sendAs(market.treasurer);
    market.call("fundPool", 100).sendAs(market.treasurer);
    market.assertPool(99);
    // when
    allLeaves(market);
    market.call("withdraw", CREATOR.address()).sendAs(CREATOR);
    // then
    assertThat(market.token.get(BigInteger.class, "balanceOf", CREATOR.address()))
        .isEqualTo(BigInteger.valueOf(990 * 99).multiply(GWEI).divide(BigInteger.valueOf(100)));
    market.assertHas(CREATOR, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RefusingToken", "FalseToken"}) void a_token_that_moves_nothing_credits_nothing(String name) {
    var market = Market.withToken(evm, name);
    if (name.equals("RefusingToken")) {
      market.token.send(market.treasurer, "freeze", true);
    }
    market.deposit(CREATOR.address(), 5).isRefusedTo(market.treasurer, "Unavailable", "token transfer");
    market.call("fundPool", 5).isRefusedTo(market.treasurer, "Unavailable", "token transfer");
    market.assertHas(CREATOR, 0, 0);
  }

  @Test void a_token_that_says_nothing_moves_money_all_the_same() {
    var market = Market.withToken(evm, "SilentToken");
    market.fund(CREATOR.address());
    allLeaves(market);
    market.call("withdraw", CREATOR.address()).sendAs(CREATOR);
    market.assertHas(CREATOR, 0, 0);
    assertThat(market.token.get(BigInteger.class, "balanceOf", CREATOR.address()))
        .isEqualTo(BigInteger.valueOf(FUNDS).multiply(GWEI));
  }

  @Test void a_refused_payout_leaves_the_money_to_be_taken_later() {
    var market = Market.withToken(evm, "RefusingToken");
    market.fund(CREATOR.address());
    allLeaves(market);
    market.token.send(market.treasurer, "freeze", true);
    market.call("withdraw", CREATOR.address()).isRefusedTo(CREATOR.address(), "Unavailable", "token transfer");
    assertThat(market.account(CREATOR.address()).leaving()).isEqualTo(FUNDS);
    market.token.send(market.treasurer, "freeze", false);
    market.call("withdraw", CREATOR.address()).sendAs(CREATOR);
    assertThat(market.account(CREATOR.address()).leaving()).isZero();
    market.assertConserved();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"deposit", "fundPool"}) void a_deposit_within_a_deposit_is_refused_so_that_nothing_is_counted_twice(
          String inner) {
    var market = Market.withToken(evm, "HookToken");
    market.account(CREATOR.address());
    // given: on each transfer the token deposits its own tokens, which the outer deposit would count once more
    market.token.send(market.treasurer, "mint", market.token, GWEI.multiply(BigInteger.valueOf(100)));
    market.token.send(market.token.address(), "approve", market.controller, BigInteger.TWO.pow(255));
    var again = inner.equals("deposit") ? market.deposit(CREATOR.address(), 10) : market.call("fundPool", 10);
    market.token.send(market.treasurer, "hook", market.controller, again.data());
    // when
    market.deposit(PROVIDER.address(), 7).sendAs(market.treasurer);
    // then
    assertThat(market.token.get(Boolean.class, "reentered")).isFalse();
    market.assertHas(PROVIDER, 7, 0);
    market.assertHas(CREATOR, 0, 0);
    market.assertPool(0);
  }

  @Test void a_taker_who_calls_back_is_not_paid_twice() {
    var market = Market.withToken(evm, "HookToken");
    var taker = market.token.address();
    market.fund(taker, PROVIDER.address());
    market.call("requestWithdrawal", 100).sendAs(taker);
    evm.pass(600);
    // when: the payout's hook asks for the payout again
    var payout = market.call("withdraw", Call.RELAY);
    market.token.send(market.treasurer, "hook", market.controller, payout.data());
    payout.sendAs(taker);
    // then
    assertThat(market.token.get(Boolean.class, "reentered")).isFalse();
    assertThat(market.token.get(BigInteger.class, "balanceOf", Call.RELAY))
        .isEqualTo(BigInteger.valueOf(100).multiply(GWEI));
    assertThat(market.account(taker)).isEqualTo(new Market.Account(FUNDS - 100, 0, 0, 0));
    market.assertConserved();
  }

  @Test void a_hooks_own_withdrawal_during_a_deposit_moves_each_gwei_once() {
    var market = Market.withToken(evm, "HookToken");
    market.deposit(market.token.address(), 50).sendAs(market.treasurer);
    market.call("requestWithdrawal", 20).sendAs(market.token.address());
    evm.pass(600);
    market.token.send(market.treasurer, "hook", market.controller, market.call("withdraw", Call.RELAY).data());
    // when: 30 come in while 20 go out
    market.deposit(CREATOR.address(), 30).sendAs(market.treasurer);
    // then: the depositor is credited what the balance grew by, and nobody loses but the depositor
    assertThat(market.token.get(Boolean.class, "reentered")).isTrue();
    market.assertHas(CREATOR, 10, 0);
    assertThat(market.account(market.token.address()).free()).isEqualTo(30);
  }

  @Test void an_address_without_code_is_no_token() {
    var controller = evm.deploy("Controller", CREATOR.address(), CREATOR.address());
    Call.of(controller, "deposit", CREATOR.address(), 5).isRefused("empty");
    Call.of(controller, "fundPool", 5).isRefused("empty");
  }
}
