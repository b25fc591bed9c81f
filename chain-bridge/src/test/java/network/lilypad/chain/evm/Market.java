package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;

/// A Controller on a test chain with a token of its own, and parties that have funds in it. Amounts are gwei of LP.
final class Market {
  /// What each party has at first: 1000 LP.
  static final long FUNDS = 1_000_000_000_000L;
  /// Base units of the token in a gwei of LP.
  static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);

  private static final BigInteger SUPPLY = BigInteger.TEN.pow(27);

  /// What an account has.
  record Account(long free, long locked, long leaving, long leavingAt) {}

  /// The latest deal of a job.
  record Slot(long state, long attempt, long since) {}

  /// What the market holds.
  record Totals(long issued, long pool, long pausedUntil) {}

  final Evm evm;
  final Address treasurer;
  final Contract token;
  final Contract controller;
  final Domain domain;
  final Keys keys = new Keys();
  private final Set<Address> holders = new LinkedHashSet<>(Stream.concat(
      Stream.of(Cast.CREATOR, Cast.PROVIDER, Cast.SOLVER, Cast.STRANGER, Keys.KEEPER).map(Wallet::address),
      Stream.concat(Stream.of(Call.RELAY), Keys.MEDIATORS.stream().map(Wallet::address))).toList());

  private Market(Evm evm, Contract token) {
    this.evm = evm;
    this.treasurer = evm.account(1);
    this.token = token;
    this.controller = evm.deploy("Controller", token, Keys.GUARDIAN.address());
    this.domain = new Domain(Anvil.CHAIN_ID, controller.address());
    send(List.of(token.tx(treasurer, "approve", controller, BigInteger.TWO.pow(255))));
  }

  /// With the LP token, and funds for creator and provider.
  static Market on(Evm evm) {
    var treasurer = evm.account(1);
    var market = new Market(evm, evm.deploy("LilypadToken", treasurer, SUPPLY, Address.ZERO));
    market.fund(Cast.CREATOR.address(), Cast.PROVIDER.address());
    return market;
  }

  /// With a token of the tests, of which the treasurer has plenty, and nobody funded.
  static Market withToken(Evm evm, String name) {
    var market = new Market(evm, evm.deploy(name));
    market.token.send(market.treasurer, "mint", market.treasurer, SUPPLY);
    return market;
  }

  /// Gives each account [#FUNDS].
  void fund(Address... accounts) {
    send(List.of(accounts).stream().map(each -> deposit(each, FUNDS).by(treasurer)).toList());
  }

  private void send(List<Tx> all) {
    assertThat(evm.batch(all)).allMatch(Receipt::succeeded);
  }

  Call call(String function, Object... arguments) {
    return Call.of(controller, function, arguments);
  }

  Call deposit(Address account, long amount) {
    holders.add(account);
    return call("deposit", account, amount);
  }

  Call batch(List<Call> calls) {
    return call("batch", calls.stream().map(Call::data).toList());
  }

  /// A deal on the usual terms, changed as the draft is.
  Trade trade(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.trade();
  }

  Trade trade() {
    return trade(_ -> {});
  }

  /// That deal, opened.
  Trade opened(Consumer<Draft> change) {
    var trade = trade(change);
    trade.open().send();
    return trade;
  }

  Trade opened() {
    return opened(_ -> {});
  }

  /// That deal with its result on the chain.
  Trade submitted(Consumer<Draft> change) {
    var trade = opened(change);
    trade.submit().send();
    return trade;
  }

  Trade submitted() {
    return submitted(_ -> {});
  }

  Account account(Address holder) {
    holders.add(holder);
    return account(controller.call("account", holder));
  }

  private static Account account(List<Object> parts) {
    return new Account((long) parts.get(0), (long) parts.get(1), (long) parts.get(2), (long) parts.get(3));
  }

  /// Every account that may have something, in one round trip.
  private List<Account> accounts() {
    var requests = holders.stream().map(holder -> evm.request("eth_call", Map.of("to", controller.address().toString(),
        "data", Abi.hex(controller.tx(Address.ZERO, "account", holder).data())), "latest")).toList();
    return evm.together(requests).stream()
        .map(answer -> account(controller.artifact().result("account", 1, Abi.hex(answer.asString())))).toList();
  }

  Slot slot(Bytes32 job) {
    var parts = controller.call("slot", job);
    return new Slot((long) parts.get(0), (long) parts.get(1), (long) parts.get(2));
  }

  Totals totals() {
    var parts = controller.call("totals");
    return new Totals((long) parts.get(0), (long) parts.get(1), (long) parts.get(2));
  }

  long free(Wallet holder) {
    return account(holder.address()).free();
  }

  /// Whether an account has this much free and locked; on the way, whether no gwei came or went.
  void assertHas(Wallet holder, long free, long locked) {
    var account = account(holder.address());
    assertThat(List.of(account.free(), account.locked())).as("free and locked of %s", holder)
        .isEqualTo(List.of(free, locked));
    assertConserved();
  }

  /// The pool has this much, and no gwei came or went.
  void assertPool(long amount) {
    assertThat(totals().pool()).as("pool").isEqualTo(amount);
    assertConserved();
  }

  /// Every gwei issued is somebody's or the pool's, and the contract holds at least as many tokens.
  void assertConserved() {
    var totals = totals();
    long held = accounts().stream().mapToLong(each -> each.free() + each.locked() + each.leaving()).sum();
    assertThat(held + totals.pool()).as("all accounts and the pool").isEqualTo(totals.issued());
    var tokens = token.get(BigInteger.class, "balanceOf", controller);
    assertThat(tokens).isGreaterThanOrEqualTo(BigInteger.valueOf(totals.issued()).multiply(GWEI));
  }

  /// The events of a receipt, as `Name{argument=value, ...}`.
  List<Artifact.Event> events(Receipt receipt) {
    return controller.events(receipt);
  }

  /// An event as it should be: names and values in turn.
  static Artifact.Event event(String name, Object... namesAndValues) {
    var arguments = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      arguments.put((String) namesAndValues[i], widened(namesAndValues[i + 1]));
    }
    return new Artifact.Event(name, Map.copyOf(arguments));
  }

  private static Object widened(Object value) {
    return switch (value) {
      case Integer small -> Long.valueOf(small);
      case Wallet wallet -> wallet.address();
      default -> value;
    };
  }
}
