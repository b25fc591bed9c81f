package network.lilypad.chain.evm;

import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Trade.Word.ACCEPTANCE;
import static network.lilypad.chain.evm.Trade.Word.CANCEL;
import static network.lilypad.chain.evm.Trade.Word.DISPUTE;
import static network.lilypad.chain.evm.Trade.Word.LAPSE;
import static network.lilypad.chain.evm.Trade.Word.LEASE;
import static network.lilypad.chain.evm.Trade.Word.OFFER;
import static network.lilypad.chain.evm.Trade.Word.RELEASE;
import static network.lilypad.chain.evm.Trade.Word.RESULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import network.lilypad.chain.Cast;
import network.lilypad.chain.evm.Trade.Word;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Domain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every place where a signature is asked for, and every signature that must not do there.
final class SignedWordsTest extends MarketFixture {
  private static final Panel PANEL = Panel.of(3, 2, 1000);

  /// One place.
  ///
  /// @param name what the report says
  /// @param word which signature
  /// @param steps what has to be done first
  /// @param call what asks for it
  record Place(String name, Word word, List<Function<Trade, Call>> steps, Function<Trade, Call> call) {
    @Override public String toString() {
      return name + " by " + word;
    }
  }

  SignedWordsTest(Evm evm) {
    super(evm);
  }

  static Stream<Place> places() {
    List<Function<Trade, Call>> opened = List.of(Trade::open);
    List<Function<Trade, Call>> submitted = List.of(Trade::open, Trade::submit);
    return Stream.of(
        new Place("openDeal", OFFER, List.of(), Trade::open),
        new Place("openDeal", LEASE, List.of(), Trade::open),
        new Place("openAndSettle", OFFER, List.of(), Trade::openAndSettle),
        new Place("openAndSettle", LEASE, List.of(), Trade::openAndSettle),
        new Place("openAndSettle", RESULT, List.of(), Trade::openAndSettle),
        new Place("openAndSettle", ACCEPTANCE, List.of(), Trade::openAndSettle),
        new Place("submitResult", RESULT, opened, Trade::submit),
        new Place("acceptResult", ACCEPTANCE, submitted, Trade::accept),
        new Place("acceptOutcome", RESULT, opened, Trade::acceptOutcome),
        new Place("acceptOutcome", ACCEPTANCE, opened, Trade::acceptOutcome),
        new Place("cancel", CANCEL, opened, Trade::cancel),
        new Place("revoke", CANCEL, List.of(), Trade::revoke),
        new Place("release", RELEASE, opened, Trade::release),
        new Place("lapse", LAPSE, opened, Trade::lapse),
        new Place("checkResult", DISPUTE, submitted, Trade::check));
  }

  private Trade ready(Place place, Consumer<Draft> change) {
    var trade = market.trade(d -> {
      d.panel = PANEL.id();
      change.accept(d);
    });
    place.steps.forEach(step -> step.apply(trade).send());
    return trade;
  }

  @ParameterizedTest
  @MethodSource("places") void only_its_own_signature_does(Place place) {
    var trade = ready(place, _ -> {});
    var word = place.word;
    var right = trade.signature(word);
    var other = market.trade(d -> d.nonce = 99);
    var sameJob = trade.again(7, _ -> {});
    var party = trade.party(word);
    var key = market.keys.of(party);
    var wrong = Map.of(
        "a stranger's", STRANGER.sign(trade.digest(word, market.domain)).bytes(),
        "about another job", other.signature(word),
        "on another chain", key.sign(trade.digest(word, new Domain(1, market.controller.address()))).bytes(),
        "for another contract", key.sign(trade.digest(word, new Domain(Anvil.CHAIN_ID, Address.ZERO))).bytes(),
        "with a high s", Keys.twin(right),
        "with the other v", flipped(right),
        "too short", Arrays.copyOf(right, 63),
        "too long", Arrays.copyOf(right, 66),
        "empty", new byte[0],
        "zeros", new byte[65]);
    wrong.forEach((what, signature) -> refused(place, trade.with(word, signature), party, what));
    if (word != OFFER && word != CANCEL) {
      refused(place, trade.with(word, sameJob.signature(word)), party, "of another attempt");
    }
    // and the right one still does
    place.call.apply(trade).send();
    // once
    var again = catchThrowable(() -> place.call.apply(trade).send());
    assertThat(again).as("%s repeated", place).isInstanceOf(Reverted.class);
    market.assertConserved();
  }

  private static void refused(Place place, Trade forged, Address party, String what) {
    try {
      place.call.apply(forged).isRefused("BadSignature", party);
    } catch (AssertionError e) {
      throw new AssertionError(place + ", a signature " + what, e);
    }
  }

  private static byte[] flipped(byte[] signature) {
    var flipped = signature.clone();
    flipped[64] ^= 7;
    return flipped;
  }

  @ParameterizedTest
  @MethodSource("places") void the_packed_form_of_a_signature_does_as_well(Place place) {
    var trade = ready(place, _ -> {});
    place.call.apply(trade.with(place.word, Keys.compact(trade.signature(place.word)))).send();
  }

  @ParameterizedTest
  @MethodSource("places") void a_contract_wallet_signs_as_a_key_does(Place place) {
    var trade = ready(place, in(place, wallet("GoodWallet")));
    refused(place, trade.signed(place.word, STRANGER), trade.party(place.word), "of no owner of the wallet");
    place.call.apply(trade).send();
    market.assertConserved();
  }

  /// Those that need nothing before: a wallet that never says yes has never opened a deal.
  static Stream<Place> firstPlaces() {
    return places().filter(place -> place.steps.isEmpty());
  }

  @ParameterizedTest
  @MethodSource("firstPlaces") void a_wallet_that_does_not_say_yes_within_its_gas_has_not_signed(Place place) {
    for (var name : List.of("RefusingWallet", "RevertingWallet", "GasBurningWallet")) {
      var wallet = wallet(name);
      var trade = ready(place, in(place, wallet));
      place.call.apply(trade).isRefused("BadSignature", place.word == LEASE || place.word == RESULT
          ? trade.lease().provider()
          : trade.offer().creator());
    }
  }

  /// A contract wallet with funds, whose owner's key signs.
  private Address wallet(String name) {
    var address = evm.deploy(name, Cast.CREATOR.address()).address();
    market.keys.put(address, Cast.CREATOR);
    market.fund(address);
    return address;
  }

  private static Consumer<Draft> in(Place place, Address wallet) {
    return draft -> {
      switch (place.word) {
        case OFFER, ACCEPTANCE, DISPUTE, CANCEL -> draft.creator = wallet;
        case LEASE, RESULT, RELEASE -> draft.provider = wallet;
        case LAPSE -> draft.solver = wallet;
      }
    };
  }
}
