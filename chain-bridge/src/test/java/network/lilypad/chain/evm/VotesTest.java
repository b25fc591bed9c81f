package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Keys.MEDIATORS;
import static network.lilypad.chain.evm.Market.FUNDS;

import java.util.List;
import java.util.stream.IntStream;
import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Verdict;
import org.junit.jupiter.api.Test;

/// Whose votes count in a verdict: of different members of the agreed panel, for just this deal, round and decision.
final class VotesTest extends MarketFixture {
  private static final Panel PANEL = Panel.of(3, 2, 1000);

  VotesTest(Evm evm) {
    super(evm);
  }

  private Trade disputed(Panel panel) {
    var trade = market.submitted(d -> d.panel = panel.id());
    trade.check().send();
    return trade;
  }

  private static Call decide(Trade trade, Panel panel, Trade.Vote... votes) {
    return trade.decide(panel, 1, 1, List.of(votes));
  }

  @Test void fewer_than_the_quorum_decide_nothing() {
    var trade = disputed(PANEL);
    trade.decide(PANEL, 1).isRefused("Mismatch", "quorum");
    trade.decide(PANEL, 1, 2).isRefused("Mismatch", "quorum");
    trade.decide(PANEL, 1, 0, 2).send();
  }

  @Test void a_member_votes_once() {
    var trade = disputed(PANEL);
    trade.decide(PANEL, 1, 1, 1).isRefused("Malformed", "seat");
    trade.decide(PANEL, 1, 0, 1, 1).isRefused("Malformed", "seat");
  }

  @Test void a_member_with_two_seats_still_votes_once() {
    // given: a panel that names one member twice, with a lower address between
    var low = MEDIATORS.get(0).address();
    var high = MEDIATORS.get(1).address();
    var twice = new Panel(List.of(high, low, high), 2, 1000);
    var trade = disputed(twice);
    // when: that member alone says it twice
    var ok = new Verdict(trade.deal(), 1, 1, Bytes32.ZERO);
    decide(trade, twice, trade.vote(0, MEDIATORS.get(1), ok), trade.vote(2, MEDIATORS.get(1), ok))
        .isRefused("Malformed", "seat");
  }

  @Test void nobody_is_no_mediator_although_no_signature_recovers_to_it() {
    var members = List.of(Address.ZERO, MEDIATORS.get(0).address());
    var panel = new Panel(members, 2, 1000);
    var trade = disputed(panel);
    var ok = new Verdict(trade.deal(), 1, 1, Bytes32.ZERO);
    decide(trade, panel, new Trade.Vote(0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO),
        trade.vote(1, MEDIATORS.get(0), ok)).isRefused("Malformed", "seat");
  }

  @Test void there_is_no_seat_beyond_the_last() {
    var trade = disputed(PANEL);
    var stranger = trade.vote(3, STRANGER, new Verdict(trade.deal(), 1, 1, Bytes32.ZERO));
    decide(trade, PANEL, trade.vote(0, 1, 1), stranger).isRefused("Malformed", "seat");
    decide(trade, PANEL, trade.vote(0, 1, 1), new Trade.Vote(255, Bytes32.ZERO, stranger.r(), stranger.vs()))
        .isRefused("Malformed", "seat");
  }

  @Test void the_members_are_those_of_the_name_in_its_order() {
    var trade = disputed(PANEL);
    var ok = trade.vote(0, 1, 1);
    decide(trade, Panel.of(4, 2, 1000), ok, trade.vote(1, 1, 1)).isRefused("Mismatch", "panel");
    decide(trade, Panel.of(2, 2, 1000), ok, trade.vote(1, 1, 1)).isRefused("Mismatch", "panel");
    var swapped = List.of(MEDIATORS.get(1).address(), MEDIATORS.get(0).address(), MEDIATORS.get(2).address());
    decide(trade, new Panel(swapped, 2, 1000), ok, trade.vote(1, 1, 1)).isRefused("Mismatch", "panel");
  }

  @Test void a_verdict_is_one_of_five() {
    var trade = disputed(PANEL);
    var votes = List.of(trade.vote(0, 1, 1), trade.vote(1, 1, 1));
    trade.decide(PANEL, 1, 0, votes).isRefused("Malformed", "verdict");
    trade.decide(PANEL, 1, 6, votes).isRefused("Malformed", "verdict");
  }

  @Test void votes_that_differ_decide_nothing() {
    var trade = disputed(PANEL);
    var first = MEDIATORS.get(0);
    var second = MEDIATORS.get(1);
    // another verdict, and another round
    decide(trade, PANEL, trade.vote(0, 1, 1), trade.vote(1, 1, 2)).isRefused("BadSignature", second);
    decide(trade, PANEL, trade.vote(0, 2, 1), trade.vote(1, 1, 1)).isRefused("BadSignature", first);
    trade.decide(PANEL, 7, 2, List.of(trade.vote(0, 7, 2), trade.vote(1, 7, 2))).send();
  }

  @Test void mediators_may_have_seen_different_bytes_and_still_agree() {
    var trade = disputed(PANEL);
    var votes = IntStream.of(0, 1).mapToObj(seat -> trade.vote(seat, MEDIATORS.get(seat),
        new Verdict(trade.deal(), 1, 2, Call.ascii("run " + seat)))).toList();
    trade.decide(PANEL, 1, 2, votes).send();
  }

  @Test void a_vote_is_signed_by_its_seats_member() {
    var trade = disputed(PANEL);
    var ok = new Verdict(trade.deal(), 1, 1, Bytes32.ZERO);
    for (var other : List.of(STRANGER, CREATOR, Cast.PROVIDER, MEDIATORS.get(2))) {
      decide(trade, PANEL, trade.vote(0, 1, 1), trade.vote(1, other, ok))
          .isRefused("BadSignature", MEDIATORS.get(1));
    }
  }

  @Test void a_vote_about_another_deal_or_under_another_domain_counts_for_nothing() {
    var trade = disputed(PANEL);
    var second = MEDIATORS.get(1);
    var deal = trade.again(2, _ -> {}).deal();
    decide(trade, PANEL, trade.vote(0, 1, 1), trade.vote(1, second, new Verdict(deal, 1, 1, Bytes32.ZERO)))
        .isRefused("BadSignature", second);
    for (var domain : List.of(new Domain(1, market.controller.address()),
        new Domain(Anvil.CHAIN_ID, market.token.address()))) {
      decide(trade, PANEL, trade.vote(0, 1, 1), foreign(trade, second, domain)).isRefused("BadSignature", second);
    }
  }

  private static Trade.Vote foreign(Trade trade, Wallet by, Domain domain) {
    var word = new Verdict(trade.deal(), 1, 1, Bytes32.ZERO);
    var packed = Keys.compact(by.sign(Eip712.digest(domain, word)).bytes());
    return new Trade.Vote(1, Bytes32.ZERO, Keys.word(packed, 0), Keys.word(packed, 1));
  }

  @Test void a_malleable_twin_of_a_vote_counts_for_nothing() {
    var trade = disputed(PANEL);
    var word = new Verdict(trade.deal(), 1, 1, Bytes32.ZERO);
    var twin = Keys.twin(MEDIATORS.get(1).sign(Eip712.digest(market.domain, word)).bytes());
    // its s fills the upper half, so that the packed form cannot even say its v
    var vote = new Trade.Vote(1, Bytes32.ZERO, Keys.word(twin, 0), Keys.word(twin, 1));
    decide(trade, PANEL, trade.vote(0, 1, 1), vote).isRefused("BadSignature", MEDIATORS.get(1));
  }

  @Test void a_contract_wallet_is_no_mediator() {
    var wallet = evm.deploy("GoodWallet", STRANGER.address());
    var panel = new Panel(List.of(wallet.address()), 1, 1000);
    var trade = disputed(panel);
    decide(trade, panel, trade.vote(0, STRANGER, new Verdict(trade.deal(), 1, 1, Bytes32.ZERO)))
        .isRefused("BadSignature", wallet.address());
    // and the clock frees everybody
    evm.pass(24 * 3600);
    trade.timeoutMediate().send();
    market.assertHas(CREATOR, FUNDS, 0);
  }
}
