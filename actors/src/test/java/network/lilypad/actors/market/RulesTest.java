package network.lilypad.actors.market;

import static network.lilypad.actors.market.Market.H100;
import static network.lilypad.actors.market.Market.LATER;
import static network.lilypad.actors.market.Market.LEDGER;
import static network.lilypad.actors.market.Market.MARKET;
import static network.lilypad.actors.market.Market.MODULE;
import static network.lilypad.actors.market.Market.NOON;
import static network.lilypad.actors.market.Market.PANEL;
import static network.lilypad.actors.market.Market.SOLVER;
import static network.lilypad.actors.market.Market.address;
import static network.lilypad.actors.market.Market.digest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import network.lilypad.actors.market.Mismatch.Busy;
import network.lilypad.actors.market.Mismatch.CollateralTooHigh;
import network.lilypad.actors.market.Mismatch.JobExpired;
import network.lilypad.actors.market.Mismatch.ModuleRefused;
import network.lilypad.actors.market.Mismatch.NetworkTooWide;
import network.lilypad.actors.market.Mismatch.NoCommonPanel;
import network.lilypad.actors.market.Mismatch.NoEngine;
import network.lilypad.actors.market.Mismatch.NotOpen;
import network.lilypad.actors.market.Mismatch.OfferExpired;
import network.lilypad.actors.market.Mismatch.OtherGpuModel;
import network.lilypad.actors.market.Mismatch.OtherLedger;
import network.lilypad.actors.market.Mismatch.OtherMarket;
import network.lilypad.actors.market.Mismatch.OtherProvider;
import network.lilypad.actors.market.Mismatch.OtherSolver;
import network.lilypad.actors.market.Mismatch.ProviderExcluded;
import network.lilypad.actors.market.Mismatch.ReputationTooLow;
import network.lilypad.actors.market.Mismatch.ReviewTooLong;
import network.lilypad.actors.market.Mismatch.RunTooLong;
import network.lilypad.actors.market.Mismatch.TooCheap;
import network.lilypad.actors.market.Mismatch.TooExpensive;
import network.lilypad.actors.market.Mismatch.TooFewGpus;
import network.lilypad.actors.market.Mismatch.TooLateToDeliver;
import network.lilypad.actors.market.Mismatch.TooLittleCpu;
import network.lilypad.actors.market.Mismatch.TooLittleDisk;
import network.lilypad.actors.market.Mismatch.TooLittleRam;
import network.lilypad.actors.market.Mismatch.TooLittleVram;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
  private static final Resources SIZE = new Resources(4000, 2, H100, 40_000, 8000, 9000);
  /// What the job needs, to the second and the gwei.
  private static final MachineLimits LIMITS = new MachineLimits(NetworkPolicy.HTTP, 20, Lp.gwei(80));
  private static final Attributes PLAIN = limited(LIMITS);
  private static final Rules RULES = new Rules(new MarketTerms(Lp.gwei(10), 300));

  /// A machine as the rules see it.
  private record Shown(ResourceOffer offer, Domain ledger, Attributes attributes, boolean open,
      Resources free) implements Supply {}

  private static Shown machine() {
    return new Shown(offer(SIZE), LEDGER, PLAIN, true, SIZE);
  }

  private static ResourceOffer offer(Resources capacity) {
    return new ResourceOffer(address(7), address(7), SOLVER, MARKET, digest(7), 1, List.of(PANEL), capacity, Lp.gwei(2),
        Lp.gwei(1), Lp.gwei(50), 60, LATER, Bytes32.ZERO);
  }

  private static Shown sized(Resources size) {
    return new Shown(offer(size), LEDGER, PLAIN, true, size);
  }

  private static Attributes limited(MachineLimits limits) {
    return new Attributes(Set.of(Engine.DOCKER), Set.of(), Set.of(), limits, 300);
  }

  private static Shown known(Attributes attributes) {
    return new Shown(offer(SIZE), LEDGER, attributes, true, SIZE);
  }

  /// Twenty seconds on two GPUs: 80 gwei at the machine's ask.
  private static JobEntry job() {
    return job(SOLVER, MARKET, Address.ZERO, PANEL, Lp.gwei(80));
  }

  private static JobEntry job(Address solver, Bytes32 market, Address target, Bytes32 panel, Lp maxPrice) {
    var work = new Work(Engine.DOCKER, MODULE, Bytes32.ZERO, Bytes32.ZERO, SIZE, 20, NetworkPolicy.HTTP, Bytes32.ZERO,
        Bytes32.ZERO);
    var offer = new JobOffer(address(1), Address.ZERO, solver, market, target, panel, work, maxPrice, Lp.ZERO,
        Lp.gwei(50), Verification.NONE, 3, 60, NOON, NOON + 20, 0, Bytes32.ZERO);
    return new JobEntry(Market.job(1), offer, LEDGER, 1, Set.of(), 0);
  }

  /// A pair that one rule keeps apart.
  record Fallen(Mismatch mismatch, JobEntry job, Supply machine) {}

  private static Fallen fallen(Mismatch mismatch, JobEntry job, Supply machine) {
    return new Fallen(mismatch, job, machine);
  }

  static Stream<Fallen> pairs() {
    var excluding = job().excluding(address(7));
    var abroad = new JobEntry(Market.job(1), job().offer(), new Domain(1, address(900)), 1, Set.of(), 0);
    var none = Bytes32.ZERO;
    return Stream.of(fallen(new OtherLedger(new Domain(1, address(900)), LEDGER), abroad, machine()),
        fallen(new OtherSolver(address(3), SOLVER), job(address(3), MARKET, Address.ZERO, none, Lp.gwei(80)),
            machine()),
        fallen(new OtherMarket(digest(3), MARKET), job(SOLVER, digest(3), Address.ZERO, none, Lp.gwei(80)), machine()),
        fallen(new OtherProvider(address(3), address(7)), job(SOLVER, MARKET, address(3), none, Lp.gwei(80)),
            machine()),
        fallen(new NoCommonPanel(digest(3), List.of(PANEL)), job(SOLVER, MARKET, Address.ZERO, digest(3), Lp.gwei(80)),
            machine()),
        fallen(new TooExpensive(Lp.gwei(79), Lp.gwei(80)), job(SOLVER, MARKET, Address.ZERO, none, Lp.gwei(79)),
            machine()),
        fallen(new ProviderExcluded(address(7)), excluding, machine()),
        fallen(new NotOpen(), job(), new Shown(offer(SIZE), LEDGER, PLAIN, false, SIZE)),
        fallen(new TooFewGpus(2, 1), job(), sized(new Resources(4000, 1, H100, 40_000, 8000, 9000))),
        fallen(new OtherGpuModel(H100, digest(3)), job(), sized(new Resources(4000, 2, digest(3), 40_000, 8000, 9000))),
        fallen(new TooLittleVram(40_000, 39_999), job(), sized(new Resources(4000, 2, H100, 39_999, 8000, 9000))),
        fallen(new TooLittleCpu(4000, 3999), job(), sized(new Resources(3999, 2, H100, 40_000, 8000, 9000))),
        fallen(new TooLittleRam(8000, 7999), job(), sized(new Resources(4000, 2, H100, 40_000, 7999, 9000))),
        fallen(new TooLittleDisk(9000, 8999), job(), sized(new Resources(4000, 2, H100, 40_000, 8000, 8999))),
        fallen(new Busy(SIZE, Resources.NONE), job(),
            new Shown(offer(SIZE), LEDGER, PLAIN, true, Resources.NONE)),
        fallen(new NoEngine(Engine.DOCKER, Set.of(Engine.WASM)), job(),
            known(new Attributes(Set.of(Engine.WASM), Set.of(), Set.of(), LIMITS, 300))),
        fallen(new ModuleRefused(MODULE), job(),
            known(new Attributes(Set.of(Engine.DOCKER), Set.of(digest(3)), Set.of(), LIMITS, 300))),
        fallen(new ModuleRefused(MODULE), job(),
            known(new Attributes(Set.of(Engine.DOCKER), Set.of(MODULE), Set.of(MODULE), LIMITS, 300))),
        fallen(new ReputationTooLow(300, 299), job(),
            known(new Attributes(Set.of(Engine.DOCKER), Set.of(), Set.of(), LIMITS, 299))),
        fallen(new NetworkTooWide(NetworkPolicy.HTTP, NetworkPolicy.NONE), job(),
            known(limited(new MachineLimits(NetworkPolicy.NONE, 20, Lp.gwei(80))))),
        fallen(new RunTooLong(20, 19), job(),
            known(limited(new MachineLimits(NetworkPolicy.HTTP, 19, Lp.gwei(80))))),
        fallen(new TooCheap(Lp.gwei(80), Lp.gwei(81)), job(),
            known(limited(new MachineLimits(NetworkPolicy.HTTP, 20, Lp.gwei(81))))),
        fallen(new CollateralTooHigh(Lp.gwei(50), Lp.gwei(49)), job(), terms(49, 60, LATER)),
        fallen(new ReviewTooLong(60, 59), job(), terms(50, 59, LATER)),
        fallen(new OfferExpired(NOON, NOON), job(), terms(50, 60, NOON)));
  }

  private static Shown terms(long maxCollateral, int maxReviewSeconds, long validUntil) {
    var offer = new ResourceOffer(address(7), address(7), SOLVER, MARKET, digest(7), 1, List.of(PANEL), SIZE,
        Lp.gwei(2), Lp.gwei(1), Lp.gwei(maxCollateral), maxReviewSeconds, validUntil, Bytes32.ZERO);
    return new Shown(offer, LEDGER, PLAIN, true, SIZE);
  }

  @Test void a_pair_at_every_limit_matches() {
    assertThat(RULES.checkAll(job(), machine(), NOON)).isEmpty();
    assertThat(RULES.check(job(), machine(), NOON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pairs") void each_rule_falls_alone_with_what_was_wanted_and_found(Fallen pair) {
    assertThat(RULES.checkAll(pair.job, pair.machine, NOON)).containsExactly(pair.mismatch);
    assertThat(RULES.check(pair.job, pair.machine, NOON)).contains(pair.mismatch);
    assertThat(pair.mismatch.text()).isNotBlank();
    assertThat(pair.mismatch.remedy()).isNotBlank();
  }

  @Test void a_machine_whose_owner_said_no_limits_takes_every_network_length_and_price() {
    var work = new Work(Engine.DOCKER, MODULE, Bytes32.ZERO, Bytes32.ZERO, Resources.NONE, Integer.MAX_VALUE,
        NetworkPolicy.FULL, Bytes32.ZERO, Bytes32.ZERO);
    var free = new JobOffer(address(1), Address.ZERO, SOLVER, MARKET, Address.ZERO, PANEL, work, Lp.ZERO, Lp.ZERO,
        Lp.ZERO, Verification.NONE, 3, 60, NOON, NOON + Integer.MAX_VALUE, 0, Bytes32.ZERO);
    assertThat(new Rules(new MarketTerms(Lp.ZERO, 0)).checkAll(
        new JobEntry(Market.job(1), free, LEDGER, 1, Set.of(), 0), known(limited(MachineLimits.UNLIMITED)), NOON))
        .isEmpty();
  }

  @Test void a_lowest_price_is_compared_with_what_the_lease_would_say() {
    var machine = known(limited(new MachineLimits(NetworkPolicy.FULL, 20, Lp.gwei(81))));
    // when: no deal of this market costs less than 81
    var dearer = new Rules(new MarketTerms(Lp.gwei(81), 300));
    // then
    assertThat(dearer.checkAll(job(SOLVER, MARKET, Address.ZERO, PANEL, Lp.gwei(81)), machine, NOON)).isEmpty();
    assertThat(RULES.checkAll(job(SOLVER, MARKET, Address.ZERO, PANEL, Lp.gwei(1000)), machine, NOON))
        .containsExactly(new TooCheap(Lp.gwei(80), Lp.gwei(81)));
  }

  @Test void a_job_whose_time_is_over_says_so_first() {
    assertThat(RULES.checkAll(job(), machine(), NOON + 1)).containsExactly(new JobExpired(NOON, NOON + 1),
        new TooLateToDeliver(NOON + 20, NOON + 21));
  }

  @Test void every_rule_has_its_mismatch() {
    var seen = Stream.concat(pairs().map(pair -> pair.mismatch.rule()),
        Stream.of(Rule.VALID_UNTIL, Rule.DELIVER_BY));
    assertThat(seen.distinct()).containsExactlyInAnyOrder(Rule.values());
  }

  @Test void no_deal_costs_less_than_the_minimum_charge() {
    var tariff = new Tariff(Lp.gwei(500));
    assertThat(tariff.price(job().offer(), machine().offer())).isEqualTo(Lp.gwei(500));
    assertThat(tariff.highestAsk(job().offer())).isNegative();
  }

  @Test void a_price_beyond_all_lp_is_all_lp() {
    var machine = Market.machineOffer(Market.machine(1), SIZE, Lp.MAX_GWEI, Lp.MAX_GWEI);
    var tariff = new Tariff(Lp.ZERO);
    assertThat(tariff.quote(job().offer(), machine)).isEqualTo(Lp.gwei(Lp.MAX_GWEI));
    assertThat(tariff.quote(Market.offer(Market.cores(Integer.MAX_VALUE), 1), machine)).isEqualTo(
        Lp.gwei(Lp.MAX_GWEI));
  }
}
