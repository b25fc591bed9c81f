package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Draft.COLLATERAL;
import static network.lilypad.chain.evm.Draft.PRICE;
import static network.lilypad.chain.evm.Draft.REVIEW_SECONDS;
import static network.lilypad.chain.evm.Keys.GUARDIAN;
import static network.lilypad.chain.evm.Keys.MEDIATORS;
import static network.lilypad.chain.evm.Market.FUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.chain.evm.Trade.Word;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Verdict;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/// The predecessor's defects, each of which this contract has not. The README of this module says where each was found.
final class PredecessorDefectsTest extends MarketFixture {
  private static final long DAY = 24 * 3600;
  private static final Panel PANEL = Panel.of(3, 2, 1000);

  PredecessorDefectsTest(Evm evm) {
    super(evm);
  }

  private Trade disputed() {
    var trade = market.submitted(d -> d.panel = PANEL.id());
    trade.check().send();
    return trade;
  }

  private Trade late() {
    long submitBy = evm.now() + 100;
    var trade = market.opened(d -> d.submitBy = submitBy);
    evm.moveTo(submitBy + 1);
    return trade;
  }

  // ------------------------------------------------------------------------------------------------ timeouts (v1)

  @Test void a_submit_timeout_does_not_revert() {
    late().timeoutSubmit().send();
    market.assertHas(CREATOR, FUNDS + PRICE / 10, 0);
  }

  @Test void a_judge_timeout_does_not_revert_and_pays_the_provider() {
    var trade = market.submitted();
    evm.pass(REVIEW_SECONDS);
    trade.settle().send();
    market.assertHas(PROVIDER, FUNDS + trade.outcome().cost(), 0);
  }

  @Test void a_judge_timeout_frees_the_payment_collateral() {
    var trade = market.submitted();
    evm.pass(REVIEW_SECONDS);
    trade.settle().send();
    market.assertHas(CREATOR, FUNDS - trade.outcome().cost(), 0);
  }

  @Test void the_mediation_clock_starts_with_the_dispute() {
    var trade = market.submitted(d -> {
      d.panel = PANEL.id();
      d.reviewSeconds = (int) (3 * DAY);
    });
    evm.pass(2 * DAY);
    trade.check().send();
    trade.timeoutMediate().isRefused("TooEarly", evm.now() + DAY + 1);
    trade.decide(PANEL, 1, 0, 1).send();
  }

  @Test void a_late_check_cannot_end_unpaid() {
    var trade = market.submitted(d -> d.panel = PANEL.id());
    long reviewEnds = evm.now() + REVIEW_SECONDS;
    evm.moveTo(reviewEnds);
    trade.check().isRefused("TooLate", reviewEnds);
    trade.timeoutMediate().isRefused("WrongState", 2);
    trade.settle().send();
    market.assertHas(PROVIDER, FUNDS + trade.outcome().cost(), 0);
  }

  @Test void anybody_can_trigger_every_timeout() {
    var stranger = STRANGER.address();
    late().timeoutSubmit().sendAs(stranger);
    var silent = market.submitted(d -> d.nonce = 2);
    evm.pass(REVIEW_SECONDS);
    silent.settle().sendAs(stranger);
    var disputed = market.submitted(d -> {
      d.nonce = 3;
      d.panel = PANEL.id();
    });
    disputed.check().sendAs(stranger);
    evm.pass(DAY + 1);
    disputed.timeoutMediate().sendAs(stranger);
    assertThat(market.account(CREATOR.address()).locked()).isZero();
    assertThat(market.account(PROVIDER.address()).locked()).isZero();
  }

  // ------------------------------------------------------------------------------------------------ escrow (v1)

  @Test void escrow_is_per_deal_not_per_address() {
    // given: two deals of the same parties
    var good = market.opened();
    long submitBy = evm.now() + 100;
    var bad = market.opened(d -> {
      d.nonce = 2;
      d.submitBy = submitBy;
    });
    // when: one is slashed
    evm.moveTo(submitBy + 1);
    bad.timeoutSubmit().sendAs(CREATOR);
    // then: the other has all that it locked
    assertThat(market.account(CREATOR.address()).locked()).isEqualTo(PRICE);
    assertThat(market.account(PROVIDER.address()).locked()).isEqualTo(COLLATERAL);
    good.acceptOutcome().send();
    market.assertHas(CREATOR, FUNDS + PRICE / 10 - good.outcome().cost(), 0);
    market.assertHas(PROVIDER, FUNDS - PRICE / 5 + good.outcome().cost(), 0);
  }

  @Test void a_deals_terms_are_signed_by_both_before_anything_is_locked() {
    var trade = market.trade();
    var other = market.trade(d -> d.nonce = 2);
    trade.with(Word.LEASE, other.signature(Word.LEASE)).open().isRefused("BadSignature", PROVIDER);
    market.assertHas(CREATOR, FUNDS, 0);
    market.assertHas(PROVIDER, FUNDS, 0);
  }

  @Test void tx_origin_has_no_authority() {
    // given: a contract that the creator calls, perhaps without knowing what it does
    var trap = evm.deploy("GoodWallet", CREATOR.address());
    var trade = market.opened();
    var calls = List.of(market.call("requestWithdrawal", 1), market.call("setAgent", STRANGER.address(), 1L << 39),
        trade.with(Word.CANCEL, new byte[65]).cancel(), trade.with(Word.ACCEPTANCE, new byte[65]).acceptOutcome());
    // when
    for (var call : calls) {
      catchThrowableOfType(Reverted.class,
          () -> trap.send(CREATOR.address(), "execute", market.controller, call.data()));
    }
    // then
    market.assertHas(CREATOR, FUNDS - PRICE, PRICE);
    assertThat(market.slot(trade.job()).state()).isEqualTo(1);
    assertThat(market.controller.call("agentUntil", CREATOR.address(), STRANGER.address())).containsExactly(0L);
  }

  // ------------------------------------------------------------------------------------------------ mediation (v1)

  @Test void nobody_chooses_or_foresees_a_mediator_beyond_the_panel_that_both_have_signed() {
    var trade = disputed();
    var others = new Panel(List.of(STRANGER.address()), 1, 1000);
    trade.decide(others, 1, 1, List.of(trade.vote(0, STRANGER, new Verdict(trade.deal(), 1, 1, Bytes32.ZERO))))
        .isRefused("Mismatch", "panel");
  }

  @Test void a_creator_whose_dispute_was_right_pays_no_fee() {
    disputed().decide(PANEL, 2, 0, 1).send();
    market.assertHas(CREATOR, FUNDS + PRICE / 10, 0);
  }

  @Test void mediators_agree_on_a_verdict_not_on_equal_bytes() {
    var trade = disputed();
    var votes = IntStream.of(0, 1).mapToObj(seat -> trade.vote(seat, MEDIATORS.get(seat),
        new Verdict(trade.deal(), 1, 1, Keccak256.hash("pixels " + seat)))).toList();
    trade.decide(PANEL, 1, 1, votes).send();
    assertThat(market.slot(trade.job()).state()).isEqualTo(5);
  }

  @Test void slashed_money_never_goes_to_an_owner() {
    late().timeoutSubmit().send();
    var trade = market.submitted(d -> {
      d.nonce = 2;
      d.panel = PANEL.id();
    });
    trade.check().send();
    trade.decide(PANEL, 2, 0, 1).send();
    // then: victim, relay, mediators and the pool have it all; deployer, guardian and solver nothing
    for (var nobody : List.of(evm.account(0), GUARDIAN.address(), SOLVER.address(), market.controller.address())) {
      assertThat(market.account(nobody)).isEqualTo(new Market.Account(0, 0, 0, 0));
    }
    assertThat(market.account(Call.RELAY).free()).isEqualTo(PRICE / 100);
    market.assertHas(CREATOR, FUNDS + PRICE / 10 + PRICE / 10, 0);
    market.assertHas(MEDIATORS.get(0), 1000, 0);
    market.assertHas(MEDIATORS.get(1), 1000, 0);
    market.assertPool(PRICE / 10 - PRICE / 100 + COLLATERAL - 2000 - PRICE / 10);
  }

  // ------------------------------------------------------------------------------------------------ completion (v2)

  @Test void a_single_deal_completes_with_exactly_its_collateral() {
    market.call("requestWithdrawal", FUNDS - PRICE).sendAs(CREATOR);
    market.call("requestWithdrawal", FUNDS - COLLATERAL).sendAs(PROVIDER);
    var trade = market.opened();
    market.assertHas(CREATOR, 0, PRICE);
    market.assertHas(PROVIDER, 0, COLLATERAL);
    trade.acceptOutcome().send();
    market.assertHas(PROVIDER, COLLATERAL + trade.outcome().cost(), 0);
  }

  @Test void completion_cannot_be_replayed() {
    var trade = market.opened();
    trade.acceptOutcome().send();
    for (var call : List.of(trade.acceptOutcome(), trade.submit(), trade.accept(), trade.settle())) {
      call.isRefused("WrongState", 3);
    }
    for (var call : List.of(trade.open(), trade.openAndSettle(), trade.again(2, _ -> {}).open(), trade.revoke())) {
      call.isRefused("JobEnded", 3);
    }
    market.assertHas(PROVIDER, FUNDS + trade.outcome().cost(), 0);
  }

  @Test void the_pool_does_not_leak_per_deal() {
    market.fund(STRANGER.address());
    var calls = new ArrayList<Call>();
    for (int i = 0; i < 40; i++) {
      int nonce = i;
      var trade = market.trade(d -> {
        d.nonce = nonce;
        d.price = 1_000_000_007L + nonce;
        d.cost = 700_000_003L + nonce;
        d.maxFee = 13;
        d.provider = nonce % 2 == 0 ? PROVIDER.address() : STRANGER.address();
      });
      var end = List.of(trade.acceptOutcome(), trade.cancel(), trade.release(), trade.lapse()).get(i % 4);
      calls.addAll(List.of(trade.open(), end));
    }
    assertThat(market.events(market.batch(calls).send())).noneMatch(event -> event.name().equals("Skipped"));
    // then: all that was ever deposited is there, nothing is locked, and all of it can leave
    market.assertHas(SOLVER, 40 * 13, 0);
    market.assertPool(0);
    for (var holder : List.of(CREATOR, PROVIDER, STRANGER, SOLVER)) {
      market.assertHas(holder, market.free(holder), 0);
      market.call("requestWithdrawal", market.free(holder)).sendAs(holder);
    }
    evm.pass(600);
    for (var holder : List.of(CREATOR, PROVIDER, STRANGER, SOLVER)) {
      market.call("withdraw", holder.address()).sendAs(holder);
    }
    assertThat(market.totals().issued()).isZero();
    assertThat(market.token.call("balanceOf", market.controller).getFirst().toString()).isEqualTo("0");
  }

  @Test void a_solvers_fee_is_taken_of_the_one_who_pays_it() {
    market.opened(d -> d.maxFee = 500).acceptOutcome().send();
    market.assertHas(SOLVER, 500, 0);
    market.assertHas(CREATOR, FUNDS - 1_200_000_000 - 500, 0);
    market.assertHas(PROVIDER, FUNDS + 1_200_000_000, 0);
  }

  @Test void a_deposit_locks_nothing_that_was_there_before() {
    market.call("requestWithdrawal", 7).sendAs(CREATOR);
    evm.pass(600);
    market.deposit(CREATOR.address(), 1).sendAs(market.treasurer);
    market.call("withdraw", CREATOR.address()).sendAs(CREATOR);
    market.assertHas(CREATOR, FUNDS - 7 + 1, 0);
  }

  @Test void a_fraction_of_an_amount_is_not_cut_to_a_whole_multiple_of_it() {
    long submitBy = evm.now() + 100;
    var trade = market.opened(d -> {
      d.price = 1_000_001;
      d.cost = 0;
      d.submitBy = submitBy;
    });
    evm.moveTo(submitBy + 1);
    trade.timeoutSubmit().sendAs(CREATOR);
    market.assertHas(PROVIDER, FUNDS - 200_000, 0);
    market.assertHas(CREATOR, FUNDS + 100_000, 0);
  }

  @Test void no_operator_writes_a_result() {
    var trade = market.opened();
    for (var operator : List.of(SOLVER, GUARDIAN, STRANGER)) {
      trade.signed(Word.RESULT, operator).submit().isRefusedTo(operator.address(), "BadSignature", PROVIDER);
      trade.signed(Word.ACCEPTANCE, operator).acceptOutcome()
          .isRefusedTo(operator.address(), "BadSignature", CREATOR);
    }
  }

  @Test void a_provider_cannot_resubmit_after_acceptance() {
    var trade = market.opened();
    trade.acceptOutcome().send();
    var other = new Trade.Outcome(Keccak256.hash("overwritten"), 1, 0, 600);
    trade.with(other).submit().isRefused("WrongState", 3);
  }

  // ------------------------------------------------------------------------------------------------ power

  @Test void no_role_can_pause_or_seize_balances() {
    var guardian = GUARDIAN.address();
    var trade = market.opened();
    var submitted = market.submitted(d -> d.nonce = 2);
    market.call("requestWithdrawal", 9).sendAs(CREATOR);
    // given: the guardian does what it can
    market.call("pauseOpening", evm.now() + DAY).sendAs(GUARDIAN);
    for (var word : Word.values()) {
      var forged = trade.signed(word, GUARDIAN);
      var done = submitted.signed(word, GUARDIAN);
      for (var call : Stream.of(forged.submit(), forged.acceptOutcome(), forged.cancel(), forged.release(),
          forged.lapse(), forged.revoke(), done.accept(), done.check()).filter(c -> uses(c, word)).toList()) {
        assertThat(catchThrowableOfType(Reverted.class, () -> call.sendAs(guardian))).isNotNull();
      }
    }
    for (var call : List.of(market.call("requestWithdrawal", 1), market.call("withdraw", guardian),
        market.call("cancelWithdrawal"))) {
      assertThat(catchThrowableOfType(Reverted.class, () -> call.sendAs(guardian)).name())
          .isEqualTo("InsufficientFunds");
    }
    // then: all goes on as if it had not
    trade.acceptOutcome().send();
    evm.pass(600);
    submitted.settle().send();
    market.call("withdraw", CREATOR.address()).sendAs(CREATOR);
    market.assertHas(GUARDIAN, 0, 0);
    long cost = trade.outcome().cost();
    market.assertHas(CREATOR, FUNDS - 9 - 2 * cost, 0);
    market.assertHas(PROVIDER, FUNDS + 2 * cost, 0);
  }

  private static boolean uses(Call call, Word word) {
    return switch (word) {
      case RESULT -> List.of("submitResult", "acceptOutcome").contains(call.function());
      case ACCEPTANCE -> List.of("acceptOutcome", "acceptResult").contains(call.function());
      case CANCEL -> List.of("cancel", "revoke").contains(call.function());
      case RELEASE -> call.function().equals("release");
      case LAPSE -> call.function().equals("lapse");
      case DISPUTE -> call.function().equals("checkResult");
      case OFFER, LEASE -> false;
    };
  }

  /// No owner, role, upgrade, mint, burn, freeze or rescue: the whole list of what changes anything.
  @Test void there_is_no_function_beyond_those_of_the_parties_and_the_pause() throws IOException {
    var artifact = Files.readString(Anvil.root().resolve("chain-bridge/contracts/artifacts/Controller.json"));
    var writing = new TreeSet<String>();
    for (var entry : new ObjectMapper().readTree(artifact).get("abi")) {
      if (entry.get("type").asString().equals("function")
          && entry.get("stateMutability").asString().equals("nonpayable")) {
        writing.add(entry.get("name").asString());
      }
    }
    assertThat(writing).containsExactly("acceptOutcome", "acceptResult", "batch", "cancel", "cancelWithdrawal",
        "checkResult", "decide", "deposit", "depositWithPermit", "fundPool", "lapse", "openAndSettle", "openDeal",
        "pauseOpening", "release", "requestWithdrawal", "revoke", "setAgent", "settle", "submitResult",
        "timeoutMediate", "timeoutSubmit", "withdraw");
  }

  // ------------------------------------------------------------------------------------------------ signatures

  @Test void a_static_signature_is_no_bearer_credential() {
    var trade = market.opened();
    var second = market.opened(d -> d.nonce = 2);
    // on another deal
    second.with(Word.RELEASE, trade.signature(Word.RELEASE)).release().isRefused("BadSignature", PROVIDER);
    second.with(Word.CANCEL, trade.signature(Word.CANCEL)).cancel().isRefused("BadSignature", CREATOR);
    // on another chain
    var chain = new Domain(1, market.controller.address());
    var abroad = PROVIDER.sign(trade.digest(Word.RELEASE, chain)).bytes();
    trade.with(Word.RELEASE, abroad).release().isRefused("BadSignature", PROVIDER);
    // on another contract, where both have money too
    var elsewhere = Market.on(evm);
    elsewhere.call("openDeal", trade.offerWords(), trade.signature(Word.OFFER), trade.leaseWords(),
        trade.signature(Word.LEASE), 0).isRefused("BadSignature", CREATOR);
    // and twice
    trade.release().send();
    trade.release().isRefused("WrongState", 13);
  }

  @Test void knowing_an_acceptors_key_is_not_owning_the_creators_money() {
    var trade = market.opened();
    trade.signed(Word.CANCEL, ACCEPTOR).cancel().isRefused("BadSignature", CREATOR);
    market.trade(d -> d.nonce = 2).signed(Word.OFFER, ACCEPTOR).open().isRefused("BadSignature", CREATOR);
    market.call("withdraw", ACCEPTOR.address()).isRefusedTo(ACCEPTOR.address(), "InsufficientFunds", ACCEPTOR, 1, 0);
  }
}
