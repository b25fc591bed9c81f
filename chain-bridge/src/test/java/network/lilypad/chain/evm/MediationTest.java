package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.evm.Draft.COLLATERAL;
import static network.lilypad.chain.evm.Draft.PRICE;
import static network.lilypad.chain.evm.Draft.REVIEW_SECONDS;
import static network.lilypad.chain.evm.Keys.MEDIATORS;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static network.lilypad.chain.evm.Trade.Word.DISPUTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Verdict;
import org.junit.jupiter.api.Test;

/// checkResult, decide and timeoutMediate: what a dispute locks, and who gets what at its end.
final class MediationTest extends MarketFixture {
  private static final long DAY = 24 * 3600;
  private static final long FEE = 10_000_000;
  private static final Panel PANEL = Panel.of(3, 2, FEE);
  private static final long BOND = PANEL.bond(PRICE);
  private static final long COST = 1_200_000_000;

  private static final int OK = 1;
  private static final int BAD = 2;
  private static final int NONDET = 3;
  private static final int NO_INPUT = 4;
  private static final int ABSTAIN = 5;

  MediationTest(Evm evm) {
    super(evm);
  }

  private Trade submitted(Panel panel) {
    return market.submitted(d -> d.panel = panel.id());
  }

  private Trade disputed(Panel panel, Consumer<Draft> change) {
    var trade = market.submitted(d -> {
      d.panel = panel.id();
      change.accept(d);
    });
    trade.check().send();
    return trade;
  }

  private Trade disputed() {
    return disputed(PANEL, _ -> {});
  }

  private static Artifact.Event ended(Trade trade, long state, long paid, long refunded) {
    return event("Ended", "job", trade.job(), "state", state, "paid", paid, "refunded", refunded);
  }

  private void assertVoters(Panel panel, long each, int... seats) {
    for (int seat = 0; seat < panel.members().size(); seat++) {
      boolean voted = IntStream.of(seats).boxed().toList().contains(seat);
      market.assertHas(MEDIATORS.get(seat), voted ? each : 0, 0);
    }
  }

  // ------------------------------------------------------------------------------------------------ checkResult

  @Test void a_dispute_locks_the_panels_fees_and_a_tenth_of_the_price() {
    var trade = submitted(PANEL);
    var receipt = trade.check().send();
    assertThat(market.events(receipt)).containsExactly(event("Checked", "job", trade.job(), "bond", BOND));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(4, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS - PRICE - BOND, PRICE + BOND);
    market.assertHas(PROVIDER, FUNDS - COLLATERAL, COLLATERAL);
    trade.check().isRefused("WrongState", 4);
  }

  @Test void a_review_ends_and_with_it_the_right_to_dispute() {
    var trade = submitted(PANEL);
    long reviewEnds = evm.now() + REVIEW_SECONDS;
    var mark = evm.snapshot();
    evm.nextBlockAt(reviewEnds - 1);
    trade.check().send();
    evm.revert(mark);
    evm.nextBlockAt(reviewEnds);
    trade.check().isRefused("TooLate", reviewEnds);
  }

  @Test void the_acceptor_may_dispute_and_the_provider_may_not() {
    var trade = submitted(PANEL);
    trade.signed(DISPUTE, PROVIDER).check().isRefused("BadSignature", CREATOR);
    trade.signed(DISPUTE, ACCEPTOR).check().send();
    assertThat(market.slot(trade.job()).state()).isEqualTo(4);
  }

  @Test void a_dispute_that_the_creator_cannot_cover_is_none() {
    market.call("requestWithdrawal", FUNDS - PRICE - BOND + 1).sendAs(CREATOR);
    submitted(PANEL).check().isRefused("InsufficientFunds", CREATOR, BOND, BOND - 1);
  }

  @Test void a_panel_that_cannot_decide_is_found_out_at_the_first_dispute() {
    submitted(new Panel(List.of(), 0, 0)).check().isRefused("Malformed", "panel size");
    int nonce = 2;
    for (var quorum : List.of(0, 1, 4)) {
      int unique = nonce++;
      market.submitted(d -> {
        d.nonce = unique;
        d.panel = Panel.of(3, quorum, FEE).id();
      }).check().isRefused("Malformed", "panel quorum");
    }
    market.submitted(d -> {
      d.nonce = 9;
      d.panel = Panel.of(2, 1, FEE).id();
    }).check().isRefused("Malformed", "panel quorum");
    var crowd = Stream.concat(PANEL.members().stream(),
        Panel.of(30, 16, FEE).members().stream()).toList();
    market.submitted(d -> {
      d.nonce = 10;
      d.panel = new Panel(crowd, 17, FEE).id();
    }).check().isRefused("Malformed", "panel size");
  }

  @Test void a_deal_without_a_panel_cannot_be_disputed() {
    market.submitted(d -> d.panel = Bytes32.ZERO).check().isRefused("Malformed", "panel size");
  }

  @Test void only_what_was_submitted_can_be_disputed() {
    var trade = submitted(PANEL);
    var other = new Trade.Outcome(Keccak256.hash("another result"), COST, 0, 0);
    trade.with(other).check().isRefused("Mismatch", "terms");
  }

  @Test void a_fee_beyond_all_money_locks_nothing() {
    var dear = Panel.of(32, 17, Long.MAX_VALUE);
    var trade = submitted(dear);
    var bond = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(32))
        .add(BigInteger.valueOf(PRICE / 10));
    trade.check().isRefused("InsufficientFunds", CREATOR, bond, FUNDS - PRICE);
  }

  // ------------------------------------------------------------------------------------------------ decide

  @Test void a_good_result_is_paid_and_a_tenth_of_the_price_comes_from_the_bond() {
    var trade = disputed();
    var receipt = trade.decide(PANEL, OK, 0, 2).send();
    long refunded = PRICE - COST + BOND - PRICE / 10 - 2 * FEE;
    assertThat(market.events(receipt)).containsExactly(ended(trade, 5, COST + PRICE / 10, refunded));
    assertThat(market.controller.call("ended", trade.job(), trade.outcome().commitment(), COST)).containsExactly(5L);
    market.assertHas(CREATOR, FUNDS - COST - PRICE / 10 - 2 * FEE, 0);
    market.assertHas(PROVIDER, FUNDS + COST + PRICE / 10, 0);
    assertVoters(PANEL, FEE, 0, 2);
    trade.again(2, _ -> {}).open().isRefused("JobEnded", 5);
  }

  @Test void a_bad_result_costs_the_provider_its_collateral() {
    var trade = disputed();
    var receipt = trade.decide(PANEL, BAD, 0, 1).send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 6, 0, PRICE + BOND + PRICE / 10),
        event("Slashed", "job", trade.job(), "provider", PROVIDER, "amount", COLLATERAL));
    market.assertHas(CREATOR, FUNDS + PRICE / 10, 0);
    market.assertHas(PROVIDER, FUNDS - COLLATERAL, 0);
    assertVoters(PANEL, FEE, 0, 1);
    market.assertPool(COLLATERAL - 2 * FEE - PRICE / 10);
    trade.again(2, _ -> {}).open().send();
  }

  @Test void a_collateral_too_small_pays_the_mediators_first_and_the_bond_the_rest() {
    for (var row : List.of(
        // collateral, what the creator has more or less in the end, the pool
        List.of(2 * FEE + PRICE / 10 + 1, PRICE / 10, 1L), List.of(2 * FEE + 3, 3L, 0L), List.of(2 * FEE, 0L, 0L),
        List.of(2 * FEE - 5, -5L, 0L), List.of(0L, -2 * FEE, 0L))) {
      var mark = evm.snapshot();
      var trade = disputed(PANEL, d -> {
        d.collateral = row.get(0);
        d.minCollateral = 0;
      });
      trade.decide(PANEL, BAD, 1, 2).send();
      market.assertHas(CREATOR, FUNDS + row.get(1), 0);
      market.assertHas(PROVIDER, FUNDS - row.get(0), 0);
      assertVoters(PANEL, FEE, 1, 2);
      market.assertPool(row.get(2));
      evm.revert(mark);
    }
  }

  @Test void a_run_that_cannot_be_repeated_is_paid_and_the_bond_pays_the_panel() {
    var trade = disputed();
    trade.decide(PANEL, NONDET, 0, 1, 2).send();
    market.assertHas(CREATOR, FUNDS - COST - 3 * FEE, 0);
    market.assertHas(PROVIDER, FUNDS + COST, 0);
    assertVoters(PANEL, FEE, 0, 1, 2);
    assertThat(market.slot(trade.job()).state()).isEqualTo(5);
  }

  @Test void no_verdict_refunds_both_and_leaves_the_pool_to_nobody() {
    market.call("fundPool", 3 * FEE).sendAs(market.treasurer);
    for (int verdict : List.of(NO_INPUT, ABSTAIN)) {
      var mark = evm.snapshot();
      var trade = disputed();
      var receipt = trade.decide(PANEL, verdict, 0, 1).send();
      assertThat(market.events(receipt)).containsExactly(ended(trade, 15, 0, PRICE + BOND));
      market.assertHas(CREATOR, FUNDS, 0);
      market.assertHas(PROVIDER, FUNDS, 0);
      assertVoters(PANEL, 0, 0, 1);
      market.assertPool(3 * FEE);
      trade.again(2, _ -> {}).open().send();
      evm.revert(mark);
    }
  }

  @Test void a_verdict_counts_until_a_day_after_the_dispute() {
    var trade = disputed();
    long last = evm.now() + DAY;
    var mark = evm.snapshot();
    evm.nextBlockAt(last);
    trade.decide(PANEL, OK, 0, 1).send();
    evm.revert(mark);
    evm.nextBlockAt(last + 1);
    trade.decide(PANEL, OK, 0, 1).isRefused("TooLate", last);
  }

  @Test void a_panel_that_stays_silent_leaves_everybody_with_what_they_had() {
    var trade = disputed();
    long last = evm.now() + DAY;
    evm.nextBlockAt(last);
    trade.timeoutMediate().isRefused("TooEarly", last + 1);
    evm.nextBlockAt(last + 1);
    var receipt = trade.timeoutMediate().send();
    assertThat(market.events(receipt)).containsExactly(ended(trade, 10, 0, PRICE + BOND));
    assertThat(market.slot(trade.job())).isEqualTo(new Market.Slot(10, 1, evm.now()));
    market.assertHas(CREATOR, FUNDS, 0);
    market.assertHas(PROVIDER, FUNDS, 0);
    trade.timeoutMediate().isRefused("WrongState", 10);
    trade.again(2, _ -> {}).open().send();
  }

  @Test void a_decided_dispute_is_not_decided_again() {
    var trade = disputed();
    trade.decide(PANEL, OK, 0, 1).send();
    trade.decide(PANEL, OK, 0, 1).isRefused("WrongState", 5);
    trade.decide(PANEL, BAD, 0, 1).isRefused("WrongState", 5);
    evm.pass(DAY + 1);
    trade.timeoutMediate().isRefused("WrongState", 5);
  }

  @Test void thirty_two_mediators_decide_in_one_transaction() {
    var panel = Panel.of(32, 17, FEE);
    var trade = disputed(panel, _ -> {});
    var seats = IntStream.range(0, 32).toArray();
    trade.decide(panel, OK, IntStream.range(0, 16).toArray()).isRefused("Mismatch", "quorum");
    trade.decide(panel, OK, seats).send();
    market.assertHas(CREATOR, FUNDS - COST - PRICE / 10 - 32 * FEE, 0);
    assertVoters(panel, FEE, seats);
  }

  @Test void one_mediator_alone_may_be_a_panel() {
    var panel = Panel.of(1, 1, FEE);
    disputed(panel, _ -> {}).decide(panel, BAD, 0).send();
    assertVoters(panel, FEE, 0);
  }

  @Test void a_mediator_may_be_a_party_without_any_gwei_lost() {
    var members = List.of(CREATOR, PROVIDER).stream().sorted(Comparator.comparing(
        Wallet::address)).toList();
    var panel = new Panel(members.stream().map(Wallet::address).toList(), 2, FEE);
    var trade = disputed(panel, _ -> {});
    var votes = List.of(0, 1).stream().map(seat -> trade.vote(seat, members.get(seat),
        new Verdict(trade.deal(), 1, NONDET, Bytes32.ZERO))).toList();
    trade.decide(panel, 1, NONDET, votes).send();
    market.assertHas(CREATOR, FUNDS - COST - FEE, 0);
    market.assertHas(PROVIDER, FUNDS + COST + FEE, 0);
  }
}
