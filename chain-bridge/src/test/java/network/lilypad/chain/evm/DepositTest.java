package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.GWEI;
import static network.lilypad.chain.evm.Market.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;

final class DepositTest extends MarketFixture {
  private static final Bytes32 PERMIT = Keccak256.hash(
      "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

  DepositTest(Evm evm) {
    super(evm);
  }

  private BigInteger tokens(Address holder) {
    return market.token.get(BigInteger.class, "balanceOf", holder);
  }

  @Test void what_is_paid_in_is_the_accounts_and_adds_to_what_is_there() {
    var before = tokens(market.treasurer);
    // when
    var receipt = market.deposit(CREATOR.address(), 7).sendAs(market.treasurer);
    // then
    assertThat(market.events(receipt)).containsExactly(event("Deposited", "account", CREATOR, "amount", 7));
    market.assertHas(CREATOR, FUNDS + 7, 0);
    assertThat(market.totals().issued()).isEqualTo(2 * FUNDS + 7);
    assertThat(before.subtract(tokens(market.treasurer))).isEqualTo(BigInteger.valueOf(7).multiply(GWEI));
  }

  @Test void nothing_and_nobody_take_no_deposit() {
    market.deposit(CREATOR.address(), 0).isRefusedTo(market.treasurer, "Malformed", "amount");
    market.deposit(Address.ZERO, 7).isRefusedTo(market.treasurer, "Malformed", "account");
  }

  @Test void who_has_no_tokens_or_gave_no_allowance_deposits_nothing() {
    market.deposit(STRANGER.address(), 1).isRefusedTo(STRANGER.address(), "Unavailable", "token transfer");
    market.token.send(market.treasurer, "transfer", STRANGER.address(), GWEI);
    market.deposit(STRANGER.address(), 1).isRefusedTo(STRANGER.address(), "Unavailable", "token transfer");
    market.assertHas(STRANGER, 0, 0);
  }

  @Test void the_market_holds_all_the_LP_there_is_and_not_a_gwei_more() {
    long rest = 1_000_000_000_000_000_000L - 2 * FUNDS;
    market.deposit(CREATOR.address(), rest).sendAs(market.treasurer);
    market.assertHas(CREATOR, FUNDS + rest, 0);
    assertThat(market.totals().issued()).isEqualTo(1_000_000_000_000_000_000L);
    var plenty = Market.withToken(evm, "PlainToken");
    plenty.token.send(market.treasurer, "mint", market.treasurer, BigInteger.TEN.pow(27));
    plenty.deposit(CREATOR.address(), 1_000_000_000_000_000_000L).sendAs(plenty.treasurer);
    plenty.deposit(CREATOR.address(), 1)
        .isRefusedTo(plenty.treasurer, "TooLarge", 1_000_000_000_000_000_001L, 1_000_000_000_000_000_000L);
    plenty.call("fundPool", 1)
        .isRefusedTo(plenty.treasurer, "TooLarge", 1_000_000_000_000_000_001L, 1_000_000_000_000_000_000L);
  }

  @Test void a_permit_pays_in_with_one_transaction() {
    market.token.send(market.treasurer, "transfer", STRANGER.address(), GWEI);
    var receipt = permitted(evm.now() + 100).sendAs(STRANGER);
    assertThat(market.events(receipt)).containsExactly(event("Deposited", "account", STRANGER, "amount", 1));
    market.assertHas(STRANGER, 1, 0);
  }

  @Test void a_permit_that_somebody_else_has_sent_first_keeps_nobody_out() {
    market.token.send(market.treasurer, "transfer", STRANGER.address(), GWEI);
    var call = permitted(evm.now() + 100);
    // when: a front-runner uses the permit
    var permit = call.arguments();
    market.token.send(Call.RELAY, "permit", STRANGER.address(), market.controller, GWEI, permit.get(2), permit.get(3),
        permit.get(4), permit.get(5));
    // then
    call.sendAs(STRANGER);
    market.assertHas(STRANGER, 1, 0);
  }

  @Test void a_permit_that_is_too_old_or_somebody_elses_pays_nothing_in() {
    market.token.send(market.treasurer, "transfer", STRANGER.address(), GWEI);
    permitted(evm.now() - 1).isRefusedTo(STRANGER.address(), "Unavailable", "token transfer");
    permitted(evm.now() + 100).isRefusedTo(CREATOR.address(), "Unavailable", "token transfer");
    market.assertHas(STRANGER, 0, 0);
  }

  /// A deposit of one gwei to the stranger by the stranger's permit.
  private Call permitted(long deadline) {
    market.account(STRANGER.address());
    var separator = market.token.get(Bytes32.class, "DOMAIN_SEPARATOR");
    var nonce = market.token.get(BigInteger.class, "nonces", STRANGER.address());
    var struct = ByteBuffer.allocate(6 * 32).put(PERMIT.bytes()).put(44, STRANGER.address().bytes())
        .put(76, market.controller.address().bytes()).putLong(120, GWEI.longValueExact())
        .putLong(152, nonce.longValueExact()).putLong(184, deadline);
    var digest = Keccak256.hash(new byte[]{0x19, 0x01}, separator.bytes(), Keccak256.hash(struct.array()).bytes());
    var signature = STRANGER.sign(digest).bytes();
    return market.call("depositWithPermit", STRANGER.address(), 1, deadline, signature[64],
        Keys.word(signature, 0), Keys.word(signature, 1));
  }
}
