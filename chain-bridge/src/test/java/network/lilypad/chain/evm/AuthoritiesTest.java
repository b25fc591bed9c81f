package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Keys.AGENT;
import static network.lilypad.chain.evm.Keys.GUARDIAN;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static network.lilypad.chain.evm.Trade.Word.CANCEL;
import static network.lilypad.chain.evm.Trade.Word.LEASE;
import static network.lilypad.chain.evm.Trade.Word.OFFER;
import static network.lilypad.chain.evm.Trade.Word.RELEASE;
import static network.lilypad.chain.evm.Trade.Word.RESULT;
import static org.assertj.core.api.Assertions.assertThat;

import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.Test;

/// setAgent, pauseOpening and fundPool: what those who are no party to a deal may do.
final class AuthoritiesTest extends MarketFixture {
  private static final long WEEK = 7 * 24 * 3600;

  AuthoritiesTest(Evm evm) {
    super(evm);
  }

  private Receipt setAgent(Wallet principal, long expiry) {
    return market.call("setAgent", AGENT.address(), expiry).sendAs(principal);
  }

  // ------------------------------------------------------------------------------------------------ agents

  @Test void an_agent_signs_leases_results_and_releases_in_its_principals_name() {
    long expiry = evm.now() + 1000;
    assertThat(market.events(setAgent(PROVIDER, expiry)))
        .containsExactly(event("AgentSet", "principal", PROVIDER, "agent", AGENT, "expiry", expiry));
    assertThat(market.controller.call("agentUntil", PROVIDER.address(), AGENT.address())).containsExactly(expiry);
    var trade = market.trade().signed(LEASE, AGENT).signed(RESULT, AGENT).signed(RELEASE, AGENT);
    // when
    trade.open().send();
    trade.submit().send();
    // then: the provider's money and state moved, the agent has none
    market.assertHas(PROVIDER, FUNDS - Draft.COLLATERAL, Draft.COLLATERAL);
    market.assertHas(AGENT, 0, 0);
    var second = market.trade(d -> d.nonce = 2).signed(LEASE, AGENT).signed(RELEASE, AGENT);
    second.open().send();
    second.release().send();
    var third = market.trade(d -> d.nonce = 3).signed(LEASE, AGENT).signed(RESULT, AGENT);
    third.open().send();
    third.acceptOutcome().send();
    market.trade(d -> d.nonce = 4).signed(LEASE, AGENT).signed(RESULT, AGENT).openAndSettle().send();
    market.assertConserved();
  }

  @Test void an_agents_last_second_is_its_expiry() {
    long expiry = evm.now() + 100;
    setAgent(PROVIDER, expiry);
    evm.nextBlockAt(expiry);
    market.trade().signed(LEASE, AGENT).open().send();
    market.trade(d -> d.nonce = 2).signed(LEASE, AGENT).open().isRefused("BadSignature", PROVIDER);
  }

  @Test void a_dismissed_agent_signs_no_more() {
    setAgent(PROVIDER, evm.now() + 1000);
    var trade = market.trade().signed(LEASE, AGENT);
    setAgent(PROVIDER, 0);
    trade.open().isRefused("BadSignature", PROVIDER);
    market.call("setAgent", Address.ZERO, 1).isRefusedTo(PROVIDER.address(), "Malformed", "agent");
  }

  @Test void a_creators_agent_signs_no_offer_acceptance_cancel_or_dispute() {
    setAgent(CREATOR, evm.now() + 1000);
    market.trade().signed(OFFER, AGENT).open().isRefused("BadSignature", CREATOR);
    var trade = market.opened();
    trade.signed(CANCEL, AGENT).cancel().isRefused("BadSignature", CREATOR);
    trade.signed(Trade.Word.ACCEPTANCE, AGENT).acceptOutcome().isRefused("BadSignature", CREATOR);
    trade.submit().send();
    trade.signed(Trade.Word.DISPUTE, AGENT).check().isRefused("BadSignature", CREATOR);
  }

  @Test void an_agent_never_withdraws() {
    setAgent(PROVIDER, evm.now() + 10_000);
    market.call("requestWithdrawal", 1).isRefusedTo(AGENT.address(), "InsufficientFunds", AGENT, 1, 0);
    market.call("requestWithdrawal", 1).sendAs(PROVIDER);
    evm.pass(600);
    market.call("withdraw", AGENT.address()).isRefusedTo(AGENT.address(), "InsufficientFunds", AGENT, 1, 0);
    market.call("cancelWithdrawal").isRefusedTo(AGENT.address(), "InsufficientFunds", AGENT, 1, 0);
  }

  // ------------------------------------------------------------------------------------------------ the guardian

  @Test void the_guardian_keeps_deals_from_opening_until_a_second_and_not_beyond() {
    long until = evm.now() + 1000;
    var receipt = market.call("pauseOpening", until).sendAs(GUARDIAN);
    assertThat(market.events(receipt)).containsExactly(event("OpeningPaused", "until", until));
    assertThat(market.totals().pausedUntil()).isEqualTo(until);
    var trade = market.trade();
    evm.nextBlockAt(until - 1);
    trade.open().isRefused("Unavailable", "opening paused");
    evm.nextBlockAt(until);
    trade.open().send();
  }

  @Test void a_pause_stops_opening_in_one_step_too_and_a_time_in_the_past_ends_it() {
    market.call("pauseOpening", evm.now() + 1000).sendAs(GUARDIAN);
    market.trade().openAndSettle().isRefused("Unavailable", "opening paused");
    market.call("pauseOpening", 0).sendAs(GUARDIAN);
    market.trade().openAndSettle().send();
  }

  @Test void a_pause_lasts_a_week_at_most() {
    long at = evm.now() + 10;
    evm.nextBlockAt(at);
    market.call("pauseOpening", at + WEEK).sendAs(GUARDIAN);
    evm.nextBlockAt(at + 1);
    market.call("pauseOpening", at + WEEK + 2)
        .isRefusedTo(GUARDIAN.address(), "TooLarge", at + WEEK + 2, at + WEEK + 1);
  }

  @Test void nobody_else_pauses() {
    for (var anybody : new Wallet[]{STRANGER, CREATOR, PROVIDER}) {
      market.call("pauseOpening", evm.now() + 10).isRefusedTo(anybody.address(), "NotAParty", anybody);
    }
    var unguarded = evm.deploy("Controller", market.token, Address.ZERO);
    Call.of(unguarded, "pauseOpening", 1).isRefusedTo(GUARDIAN.address(), "NotAParty", GUARDIAN);
  }

  // ------------------------------------------------------------------------------------------------ the pool

  @Test void anybody_adds_to_the_pool() {
    var receipt = market.call("fundPool", 33).sendAs(market.treasurer);
    assertThat(market.events(receipt))
        .containsExactly(event("PoolFunded", "from", market.treasurer, "amount", 33));
    market.assertPool(33);
    assertThat(market.totals().issued()).isEqualTo(2 * FUNDS + 33);
    market.call("fundPool", 0).isRefusedTo(market.treasurer, "Malformed", "amount");
    market.call("fundPool", 5).isRefusedTo(STRANGER.address(), "Unavailable", "token transfer");
  }
}
