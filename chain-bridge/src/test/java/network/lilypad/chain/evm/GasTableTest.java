package network.lilypad.chain.evm;

import static java.util.stream.Collectors.joining;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.evm.Keys.GUARDIAN;
import static network.lilypad.chain.evm.Keys.KEEPER;
import static network.lilypad.chain.evm.Keys.MEDIATORS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.Test;

/// What everything costs, compared with the committed `contracts/gas.json` and `contracts/GAS.md`, and held below
/// limits. Keys, addresses, times and order are fixed, so equal contracts cost equal gas. Written anew with
/// `-Dgolden.write=true`.
final class GasTableTest extends MarketFixture {
  private static final String FOLDER = "chain-bridge/contracts/";
  private static final int BATCH = 100;

  // Limits of the design: what a user of the market pays for.
  private static final long OPEN_AND_SETTLE_MAX = 135_000;
  private static final long OPEN_SUBMIT_ACCEPT_MAX = 175_000;
  private static final long BATCHED_SETTLEMENT_MAX = 47_000;
  private static final long BATCHED_SETTLEMENT_FEW_MAX = 34_000;
  private static final long MEDIATION_MAX = 235_000;
  private static final long RETRY_MAX = 65_000;

  private static final String HAPPY = "openDeal + acceptOutcome";
  private static final String REVIEWED = "openDeal + submitResult + acceptResult";
  private static final String MEDIATED = "openDeal + submitResult + checkResult + decide, 2 of 3";
  private static final String RETRY = "openDeal, second attempt by another provider";

  /// Measured once with the predecessor's contracts on the same kind of node: four ways through its happy path.
  private static final List<Long> PREDECESSOR_HAPPY = List.of(1_613_951L, 1_430_853L, 1_006_584L, 779_263L);
  private static final long PREDECESSOR_MEDIATED = 1_832_492;

  private static final Panel PANEL = Panel.of(3, 2, 10_000_000);

  private final Map<String, Long> rows = new LinkedHashMap<>();
  private long nonce = 1000;

  GasTableTest(Evm evm) {
    super(evm);
    var mediators = MEDIATORS.subList(0, 3).stream();
    market.fund(Stream.concat(mediators, Stream.of(SOLVER, STRANGER, KEEPER)).map(Wallet::address)
        .toArray(Address[]::new));
    for (var provider : List.of(PROVIDER, STRANGER)) {
      var first = deal(d -> d.provider = provider.address());
      first.open().send();
      first.acceptOutcome().send();
    }
  }

  @Test void everything_costs_what_the_committed_table_says_and_less_than_its_limit() throws IOException {
    single();
    ends();
    mediation();
    sums();
    accounts();
    batches("100 creators, 10 providers", i -> i, i -> i % 10, 100, 10);
    batches("10 creators, 10 providers", i -> i % 10, i -> i / 10, 10, 10);
    matches("gas.json", json());
    matches("GAS.md", markdown());
    assertThat(rows.get(HAPPY)).isLessThanOrEqualTo(OPEN_AND_SETTLE_MAX);
    assertThat(rows.get(REVIEWED)).isLessThanOrEqualTo(OPEN_SUBMIT_ACCEPT_MAX);
    assertThat(rows.get(MEDIATED)).isLessThanOrEqualTo(MEDIATION_MAX);
    assertThat(rows.get(RETRY)).isLessThanOrEqualTo(RETRY_MAX);
    assertThat(rows.get("acceptOutcome, 100 creators, 10 providers")).isLessThanOrEqualTo(BATCHED_SETTLEMENT_MAX);
    assertThat(rows.get("acceptOutcome, 10 creators, 10 providers"))
        .isLessThanOrEqualTo(BATCHED_SETTLEMENT_FEW_MAX);
  }

  private Trade deal(Consumer<Draft> change) {
    return market.trade(d -> {
      d.nonce = ++nonce;
      change.accept(d);
    }).packed();
  }

  private Trade opened(Consumer<Draft> change) {
    var trade = deal(change);
    trade.open().send();
    return trade;
  }

  private Trade submitted(Consumer<Draft> change) {
    var trade = opened(change);
    trade.submit().send();
    return trade;
  }

  private void row(String name, Call call) {
    row(name, Cast.wallet("relay"), call);
  }

  private void row(String name, Wallet sender, Call call) {
    rows.put(name, call.sendAs(sender).gasUsed());
  }

  // ------------------------------------------------------------------------------------------------ rows

  private void single() {
    var settled = deal(_ -> {});
    row("openDeal", settled.open());
    row("acceptOutcome", settled.acceptOutcome());
    row("openDeal with a fee", deal(d -> d.maxFee = 1000).open());
    var reviewed = opened(_ -> {});
    row("submitResult", reviewed.submit());
    row("acceptResult", reviewed.accept());
    var silent = submitted(_ -> {});
    evm.pass(Draft.REVIEW_SECONDS);
    row("settle", silent.settle());
    row("openAndSettle", deal(_ -> {}).openAndSettle());
  }

  private void ends() {
    row("cancel", opened(_ -> {}).cancel());
    row("revoke", deal(_ -> {}).revoke());
    row("lapse", opened(_ -> {}).lapse());
    var released = opened(_ -> {});
    row("release", released.release());
    row(RETRY, released.again(2, d -> d.provider = STRANGER.address()).packed().open());
    long submitBy = evm.now() + 100;
    var late = opened(d -> d.submitBy = submitBy);
    evm.moveTo(submitBy);
    row("timeoutSubmit", KEEPER, late.timeoutSubmit());
  }

  private void mediation() {
    var disputed = submitted(d -> d.panel = PANEL.id());
    row("checkResult", disputed.check());
    row("decide, 2 of 3", disputed.decide(PANEL, 1, 0, 2));
    var bad = submitted(d -> d.panel = PANEL.id());
    bad.check().send();
    row("decide, 2 of 3, against the provider", bad.decide(PANEL, 2, 0, 2));
    var undecided = submitted(d -> d.panel = PANEL.id());
    undecided.check().send();
    evm.pass(24 * 3600);
    row("timeoutMediate", undecided.timeoutMediate());
  }

  private void sums() {
    sum(HAPPY, "openDeal", "acceptOutcome");
    sum(REVIEWED, "openDeal", "submitResult", "acceptResult");
    sum("openDeal + submitResult + settle", "openDeal", "submitResult", "settle");
    sum(MEDIATED, "openDeal", "submitResult", "checkResult", "decide, 2 of 3");
  }

  private void sum(String name, String... parts) {
    rows.put(name, Stream.of(parts).mapToLong(rows::get).sum());
  }

  private void accounts() {
    rows.put("deposit", market.deposit(CREATOR.address(), 1_500_000_000).sendAs(market.treasurer).gasUsed());
    rows.put("fundPool", market.call("fundPool", 1_500_000_000).sendAs(market.treasurer).gasUsed());
    row("requestWithdrawal", CREATOR, market.call("requestWithdrawal", 1_500_000_000));
    row("cancelWithdrawal", CREATOR, market.call("cancelWithdrawal"));
    market.call("requestWithdrawal", 1_500_000_000).sendAs(CREATOR);
    evm.pass(600);
    row("withdraw", CREATOR, market.call("withdraw", CREATOR.address()));
    row("setAgent", PROVIDER, market.call("setAgent", KEEPER.address(), evm.now() + 1000));
    row("pauseOpening", GUARDIAN, market.call("pauseOpening", 0));
  }

  private void batches(String who, Function<Integer, Integer> creator, Function<Integer, Integer> provider,
      int creators, int providers) {
    var all = new ArrayList<>(wallets("creator", creators));
    all.addAll(wallets("provider", providers));
    all.forEach(wallet -> market.keys.put(wallet.address(), wallet));
    market.fund(all.stream().map(Wallet::address).toArray(Address[]::new));
    Function<Integer, Trade> one = i -> deal(d -> {
      d.creator = all.get(creator.apply(i)).address();
      d.provider = all.get(creators + provider.apply(i)).address();
    });
    var settled = IntStream.range(0, BATCH).mapToObj(one::apply).toList();
    each("openDeal, " + who, settled, Trade::open);
    each("acceptOutcome, " + who, settled, Trade::acceptOutcome);
    var reviewed = IntStream.range(0, BATCH).mapToObj(one::apply).toList();
    market.batch(reviewed.stream().map(Trade::open).toList()).send();
    each("submitResult, " + who, reviewed, Trade::submit);
    each("acceptResult, " + who, reviewed, Trade::accept);
    each("openAndSettle, " + who, IntStream.range(0, BATCH).mapToObj(one::apply).toList(), Trade::openAndSettle);
    var poisoned = IntStream.range(0, BATCH).mapToObj(one::apply).toList();
    market.batch(poisoned.stream().skip(1).map(Trade::open).toList()).send();
    each("acceptOutcome with 1 of 100 refused, " + who, poisoned, Trade::acceptOutcome);
  }

  private static List<Wallet> wallets(String role, int count) {
    return IntStream.range(0, count).mapToObj(i -> Cast.wallet("gas " + role + " " + i)).toList();
  }

  private void each(String name, List<Trade> trades, Function<Trade, Call> call) {
    rows.put(name, market.batch(trades.stream().map(call).toList()).send().gasUsed() / BATCH);
  }

  // ------------------------------------------------------------------------------------------------ files

  private String json() {
    return rows.entrySet().stream().map(row -> "  \"%s\": %d".formatted(row.getKey(), row.getValue()))
        .collect(joining(",\n", "{\n", "\n}\n"));
  }

  private String markdown() {
    return """
        # Gas

        Measured by `GasTableTest` on a local node and compared with this file in each build; the limits are in that test.
        Accounts have traded before, deals close before their offers expire, signatures are packed (EIP-2098), the price is
        1.5 LP of a GPU job, the relay is no party. Batched rows are per deal, in batches of 100 with their events.

        | what | gas |
        |---|---:|
        %s

        ## Beside the predecessor

        Its contracts on the same node, the whole life of a deal with all transactions of its parties: four ways through its
        happy path, and one mediation.

        | what | predecessor | here | ratio |
        |---|---:|---:|---:|
        %s
        """
        .formatted(
            rows.entrySet().stream().map(row -> "| %s | %s |".formatted(row.getKey(), spaced(row.getValue())))
                .collect(joining("\n")),
            Stream
                .concat(
                    PREDECESSOR_HAPPY.stream().map(theirs -> beside("happy path: " + HAPPY, theirs, rows.get(HAPPY))),
                    Stream.of(beside("mediation: " + MEDIATED, PREDECESSOR_MEDIATED, rows.get(MEDIATED))))
                .collect(joining("\n")));
  }

  private static String beside(String what, long theirs, long ours) {
    return "| %s | %s | %s | %s |".formatted(what, spaced(theirs), spaced(ours),
        String.format(Locale.ROOT, "%.1f", (double) theirs / ours));
  }

  private static String spaced(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }

  private static void matches(String name, String actual) throws IOException {
    var file = Anvil.root().resolve(FOLDER + name);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, actual);
    }
    assertThat(file).content().as("%s; -Dgolden.write=true writes it anew", name).isEqualTo(actual);
  }
}
