package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Market.FUNDS;
import static network.lilypad.chain.evm.Market.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.chain.Cast;
import network.lilypad.chain.evm.Trade.Word;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchTest extends MarketFixture {
  BatchTest(Evm evm) {
    super(evm);
  }

  private List<Trade> trades(int count) {
    return IntStream.range(0, count).mapToObj(i -> market.trade(d -> d.nonce = i)).toList();
  }

  private static Reverted reason(Artifact.Event skipped) {
    return Artifact.revert((byte[]) skipped.get("reason"));
  }

  private List<Artifact.Event> skipped(Receipt receipt) {
    return market.events(receipt).stream().filter(event -> event.name().equals("Skipped")).toList();
  }

  @Test void many_calls_are_one_transaction_in_their_order() {
    var trades = trades(20);
    var calls = Stream.concat(trades.stream().map(Trade::open), trades.stream().map(Trade::acceptOutcome)).toList();
    var receipt = market.batch(calls).send();
    assertThat(market.events(receipt).stream().map(Artifact.Event::name).distinct())
        .containsExactly("Opened", "Ended");
    long paid = 20 * trades.getFirst().outcome().cost();
    market.assertHas(CREATOR, FUNDS - paid, 0);
    market.assertHas(PROVIDER, FUNDS + paid, 0);
  }

  @Test void a_bad_call_is_skipped_with_its_reason_and_the_others_are_carried_out() {
    var calls = new ArrayList<>(trades(5).stream().map(Trade::open).toList());
    var bad = market.trade(d -> {
      d.nonce = 9;
      d.price = d.maxPrice + 1;
    });
    calls.add(2, bad.open());
    calls.add(calls.getFirst());
    // when
    var receipt = market.batch(calls).send();
    // then
    var skipped = skipped(receipt);
    assertThat(skipped.stream().map(event -> event.get("index")).map(Object::toString)).containsExactly("2", "6");
    assertThat(reason(skipped.get(0)).name()).isEqualTo("TooExpensive");
    assertThat(reason(skipped.get(1)).name()).isEqualTo("LedgerConflict");
    market.assertHas(CREATOR, FUNDS - 5 * Draft.PRICE, 5 * Draft.PRICE);
  }

  @Test void it_says_how_many_were_carried_out() {
    var calls = trades(3).stream().map(Trade::open).toList();
    var data = Stream.concat(calls.stream(), Stream.of(calls.getFirst())).map(Call::data).toList();
    assertThat(market.controller.call("batch", data).getFirst().toString()).isEqualTo("3");
    assertThat(market.controller.call("batch", List.of()).getFirst().toString()).isEqualTo("0");
  }

  @Test void a_skipped_call_leaves_nothing_of_itself() {
    // given: the creator is covered and the provider is not, so the first half of the opening succeeds
    var trade = market.trade(d -> d.collateral = FUNDS + 1);
    market.batch(List.of(trade.open())).send();
    market.assertHas(CREATOR, FUNDS, 0);
    assertThat(market.slot(trade.job()).state()).isZero();
  }

  @Test void the_sender_of_a_batch_is_the_sender_of_its_calls() {
    var receipt = market.batch(List.of(market.call("requestWithdrawal", 5),
        market.call("setAgent", STRANGER.address(), 7), market.call("cancelWithdrawal"))).sendAs(CREATOR);
    assertThat(skipped(receipt)).isEmpty();
    assertThat(market.events(receipt))
        .contains(event("AgentSet", "principal", CREATOR, "agent", STRANGER, "expiry", 7));
    market.assertHas(CREATOR, FUNDS, 0);
  }

  @Test void deposits_in_a_batch_are_counted_one_by_one() {
    market.batch(List.of(market.deposit(CREATOR.address(), 5), market.call("fundPool", 3),
        market.deposit(CREATOR.address(), 7))).sendAs(market.treasurer);
    market.assertHas(CREATOR, FUNDS + 12, 0);
    market.assertPool(3);
  }

  @Test void a_batch_in_a_batch_is_a_call_like_others() {
    var trades = trades(4);
    var inner = market.batch(List.of(trades.get(1).open(), trades.get(1).open(), trades.get(2).open()));
    var receipt = market.batch(List.of(trades.get(0).open(), inner, trades.get(3).open())).send();
    assertThat(skipped(receipt)).hasSize(1);
    market.assertHas(CREATOR, FUNDS - 4 * Draft.PRICE, 4 * Draft.PRICE);
  }

  @Test void calls_that_are_none_are_skipped() {
    var trade = market.trade();
    var calls = List.of(new byte[0], new byte[]{1, 2, 3, 4}, trade.open().data());
    var receipt = market.controller.send(Call.RELAY, "batch", calls);
    assertThat(skipped(receipt)).hasSize(2);
    assertThat(market.slot(trade.job()).state()).isEqualTo(1);
  }

  /// The wallet is asked as often as a signature of its own is needed, each time within its bound.
  @ParameterizedTest
  @ValueSource(strings = {"GasBurningWallet", "RevertingWallet",
      "RefusingWallet"}) void a_wallet_that_burns_gas_cannot_use_up_a_batch(String name) {
    var wallet = wallet(name);
    var poison = market.trade(d -> {
      d.nonce = 50;
      d.creator = wallet;
    });
    assertThat(market.batch(List.of(poison.open())).send().gasUsed()).isLessThan(300_000);
    // when
    var calls = Stream.concat(Stream.of(poison.open()), trades(30).stream().map(Trade::open)).toList();
    var receipt = market.batch(calls).send();
    // then
    assertThat(skipped(receipt)).hasSize(1);
    market.assertHas(CREATOR, FUNDS - 30 * Draft.PRICE, 30 * Draft.PRICE);
  }

  /// Yes only when the answer is the magic word in a whole word, and nothing else in it.
  @Test void a_wallets_garbage_is_no_signature_however_long() {
    for (int length : List.of(0, 4, 31, 32, 33, 100_000)) {
      var wallet = evm.deploy("GarbageWallet", CREATOR.address(), length).address();
      market.keys.put(wallet, STRANGER);
      market.fund(wallet);
      var call = market.trade(d -> d.creator = wallet).open();
      call.isRefused("BadSignature", wallet);
      assertThat(market.batch(List.of(call)).send().gasUsed()).isLessThan(300_000);
    }
  }

  @Test void a_wallets_bytes_go_to_it_as_they_are() {
    var wallet = wallet("GoodWallet");
    var trade = market.trade(d -> d.creator = wallet);
    trade.with(Word.OFFER, new byte[4096]).open().isRefused("BadSignature", wallet);
    trade.with(Word.OFFER, new byte[0]).open().isRefused("BadSignature", wallet);
    trade.open().send();
  }

  private Address wallet(String name) {
    var wallet = evm.deploy(name, CREATOR.address()).address();
    market.keys.put(wallet, Cast.CREATOR);
    market.fund(wallet);
    return wallet;
  }
}
