package network.lilypad.chain;

import static network.lilypad.chain.Cast.COLLATERAL;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.FUNDS;
import static network.lilypad.chain.Cast.MAX_FEE;
import static network.lilypad.chain.Cast.MAX_PRICE;
import static network.lilypad.chain.Cast.PRICE;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.Cast.VALID_UNTIL;
import static network.lilypad.chain.Cast.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lp;

/// What every ledger behind the settlement port does with accounts, reservations, batches and time, whatever it is made
/// of. Deals are in [SettlementContract].
abstract class AccountContract {
  protected final TestClock clock = new TestClock();
  protected Settlement ledger;
  protected Cast cast;
  private long nonce;

  /// An empty ledger that tells time by the clock of this test.
  protected abstract Settlement found();

  @BeforeEach void fund() {
    ledger = found();
    cast = new Cast(ledger.domain());
    ask(new Intent.Faucet(CREATOR.address(), FUNDS, 1));
    ask(new Intent.Faucet(PROVIDER.address(), FUNDS, 1));
  }

  /// One intent; the money is all there afterwards.
  protected final Bridge.Reply ask(Intent intent) {
    var reply = ledger.settle(List.of(intent)).getFirst();
    var totals = ledger.totals();
    assertThat(totals.free().plus(totals.locked()).plus(totals.leaving()).plus(totals.pool()))
        .isEqualTo(totals.issued());
    return reply;
  }

  protected final Bridge.Receipt done(Intent intent) {
    var reply = ask(intent);
    assertThat(reply).isInstanceOf(Bridge.Receipt.class);
    return (Bridge.Receipt) reply;
  }

  protected final Rejection refused(Intent intent) {
    var reply = ask(intent);
    assertThat(reply).isInstanceOf(Bridge.Refused.class);
    return ((Bridge.Refused) reply).why();
  }

  protected final Intent.Open opened() {
    var open = cast.open(offer(nonce++), 1);
    assertThat(done(open).phase()).isEqualTo(DealPhase.AGREED);
    return open;
  }

  final Bridge.Balance balance(Wallet of) {
    return ledger.balance(of.address());
  }

  final void assertHas(Wallet who, Lp free, Lp locked) {
    assertThat(balance(who)).isEqualTo(new Bridge.Balance(who.address(), free, Lp.ZERO, locked));
  }

  final void assertUntouched() {
    assertHas(CREATOR, FUNDS, Lp.ZERO);
    assertHas(PROVIDER, FUNDS, Lp.ZERO);
  }

  final Intent.End lapse(Intent.Open open, Wallet by) {
    return new Intent.End(open.deal(), new Intent.Lapsed(cast.sign(by, new Lapse(open.deal(), TestClock.START))));
  }

  @Test void a_reservation_counts_until_its_deal_lives_and_again_after_a_refund() {
    var offer = offer(1);
    var budget = MAX_PRICE.plus(MAX_FEE);
    done(cast.reserve(offer));
    assertThat(balance(CREATOR)).isEqualTo(
        new Bridge.Balance(CREATOR.address(), FUNDS.minus(budget), budget, Lp.ZERO));
    var open = cast.open(offer, 1);
    done(open);
    assertHas(CREATOR, FUNDS.minus(PRICE), PRICE);
    done(lapse(open, SOLVER));
    assertThat(balance(CREATOR).reserved()).isEqualTo(budget);
    // when
    clock.pass(VALID_UNTIL - TestClock.START + 1);
    // then
    assertUntouched();
  }

  @Test void a_reservation_ends_with_its_job_or_when_given_back() {
    var paid = offer(1);
    done(cast.reserve(paid));
    var open = cast.open(paid, 1);
    done(open);
    done(cast.accept(open, Lp.ZERO));
    assertHas(CREATOR, FUNDS, Lp.ZERO);
    var other = offer(2);
    done(cast.reserve(other));
    done(new Intent.Unreserve(cast.job(other)));
    done(new Intent.Unreserve(cast.job(other)));
    assertHas(CREATOR, FUNDS, Lp.ZERO);
  }

  @Test void reservations_cover_each_other_and_only_their_own_job_may_use_one() {
    var budget = FUNDS.minus(MAX_FEE);
    var all = offer(CREATOR, 1, budget, Address.ZERO);
    done(cast.reserve(all));
    assertThat(refused(cast.reserve(offer(2)))).isEqualTo(new Rejection.InsufficientFunds(
        CREATOR.address().toString(), MAX_PRICE.plus(MAX_FEE).gwei(), 0));
    assertThat(refused(cast.open(offer(2), 1))).isInstanceOf(Rejection.InsufficientFunds.class);
    assertThat(done(cast.open(all, 1)).phase()).isEqualTo(DealPhase.AGREED);
  }

  @Test void a_budget_beyond_all_money_is_refused_like_any_other() {
    var greedy = offer(CREATOR, 1, Lp.gwei(Lp.MAX_GWEI), Address.ZERO);
    assertThat(refused(cast.reserve(greedy))).isInstanceOf(Rejection.InsufficientFunds.class);
  }

  @Test void one_account_on_both_sides_must_cover_both() {
    var offer = offer(PROVIDER, 1, FUNDS, Address.ZERO);
    var lease = cast.lease(offer, 1, PROVIDER, FUNDS, COLLATERAL);
    assertThat(refused(new Intent.Open(cast.sign(PROVIDER, offer), cast.sign(PROVIDER, lease))))
        .isInstanceOf(Rejection.InsufficientFunds.class);
    var smaller = cast.lease(offer, 2, PROVIDER, FUNDS.minus(COLLATERAL), COLLATERAL);
    var open = new Intent.Open(cast.sign(PROVIDER, offer), cast.sign(PROVIDER, smaller));
    assertThat(done(open).phase()).isEqualTo(DealPhase.AGREED);
    assertHas(PROVIDER, Lp.ZERO, FUNDS);
    done(lapse(open, SOLVER));
    assertUntouched();
  }

  @Test void a_faucet_is_bounded() {
    assertThat(refused(new Intent.Faucet(STRANGER.address(), Lp.of(10_001), 1))).isInstanceOf(Rejection.TooLarge.class);
    assertThat(refused(new Intent.Faucet(STRANGER.address(), Lp.ZERO, 1))).isInstanceOf(Rejection.Malformed.class);
  }

  @Test void one_bad_intent_in_a_batch_is_refused_alone() {
    var good = cast.open(offer(1), 1);
    var bad = cast.open(offer(2), cast.lease(offer(2), 1, STRANGER, PRICE, COLLATERAL));
    var replies = ledger.settle(List.of(bad, good, cast.accept(bad, PRICE), cast.accept(good, PRICE)));
    assertThat(replies).map(Object::getClass).map(Class::getSimpleName)
        .containsExactly("Refused", "Receipt", "Refused", "Receipt");
    assertHas(CREATOR, FUNDS.minus(PRICE), Lp.ZERO);
  }

  @Test void a_full_batch_is_taken() {
    var batch = IntStream.range(0, Settlement.MAX_BATCH)
        .<Intent>mapToObj(n -> new Intent.Faucet(STRANGER.address(), Lp.gwei(1), n)).toList();
    assertThat(ledger.settle(batch)).hasSize(Settlement.MAX_BATCH);
    assertHas(STRANGER, Lp.gwei(Settlement.MAX_BATCH), Lp.ZERO);
  }

  @Test void a_withdrawal_leaves_the_free_balance_at_once_and_the_ledger_after_its_delay() {
    var account = CREATOR.address();
    var issued = ledger.totals().issued();
    done(new Intent.RequestWithdrawal(account, Lp.of(300), 1));
    done(new Intent.RequestWithdrawal(account, Lp.of(300), 1));
    assertHas(CREATOR, FUNDS.minus(Lp.of(300)), Lp.ZERO);
    clock.pass(Intent.WITHDRAWAL_DELAY_SECONDS - 1);
    assertThat(refused(new Intent.Withdraw(account, 2))).isInstanceOf(Rejection.TooEarly.class);
    // when
    clock.pass(1);
    done(new Intent.Withdraw(account, 2));
    // then
    assertThat(ledger.totals().issued()).isEqualTo(issued.minus(Lp.of(300)));
    assertThat(refused(new Intent.Withdraw(account, 3))).isInstanceOf(Rejection.InsufficientFunds.class);
  }

  @Test void asking_for_more_starts_the_delay_anew_and_a_withdrawal_can_be_called_back() {
    var account = CREATOR.address();
    done(new Intent.RequestWithdrawal(account, Lp.of(1), 1));
    clock.pass(Intent.WITHDRAWAL_DELAY_SECONDS);
    done(new Intent.RequestWithdrawal(account, Lp.of(2), 2));
    assertThat(refused(new Intent.Withdraw(account, 3))).isInstanceOf(Rejection.TooEarly.class);
    done(new Intent.CancelWithdrawal(account, 4));
    assertHas(CREATOR, FUNDS, Lp.ZERO);
    assertThat(refused(new Intent.CancelWithdrawal(account, 5))).isInstanceOf(Rejection.InsufficientFunds.class);
  }

  @Test void what_is_reserved_for_a_job_cannot_be_withdrawn() {
    done(cast.reserve(offer(CREATOR, 1, FUNDS.minus(MAX_FEE), Address.ZERO)));
    assertThat(refused(new Intent.RequestWithdrawal(CREATOR.address(), Lp.gwei(1), 1)))
        .isEqualTo(new Rejection.InsufficientFunds(CREATOR.address().toString(), 1, 0));
    assertThat(refused(new Intent.RequestWithdrawal(CREATOR.address(), Lp.ZERO, 2)))
        .isInstanceOf(Rejection.Malformed.class);
  }

  @Test void ledger_time_never_runs_backwards() {
    long before = ledger.ledgerTime();
    clock.pass(-1_000);
    assertThat(ledger.ledgerTime()).isGreaterThanOrEqualTo(before);
    assertThat(done(cast.reserve(offer(1))).at()).isGreaterThanOrEqualTo(before);
  }
}
