package network.lilypad.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import network.lilypad.protocol.NodeScript;
import network.lilypad.protocol.Samples;

class ValuesTest {
  @Property void a_digest_is_read_as_it_was_printed(@ForAll long a, @ForAll long b, @ForAll long c, @ForAll long d) {
    var digest = new Bytes32(a, b, c, d);
    assertThat(Bytes32.parse(digest.toString())).isEqualTo(digest);
    assertThat(Bytes32.parse(digest.toString().substring(2).toUpperCase(Locale.ROOT))).isEqualTo(digest);
    assertThat(Bytes32.of(digest.bytes())).isEqualTo(digest);
  }

  @Property void an_address_is_read_as_it_was_printed(@ForAll long a, @ForAll long b, @ForAll int c) {
    var address = new Address(a, b, c);
    assertThat(Address.parse(address.toString())).isEqualTo(address);
    assertThat(Address.of(address.bytes())).isEqualTo(address);
    assertThat(MachineId.parse(new MachineId(address, Bytes32.ZERO).toString()).provider()).isEqualTo(address);
  }

  @Property void digests_and_addresses_are_ordered_as_unsigned_numbers(@ForAll long a, @ForAll long b, @ForAll int c) {
    var one = new Bytes32(a, b, a, c);
    var other = new Bytes32(a, b, b, a);
    assertThat(Integer.signum(one.compareTo(other))).isEqualTo(number(one.bytes()).compareTo(number(other.bytes())));
    var address = new Address(a, b, c);
    var next = new Address(a, b, ~c);
    assertThat(Integer.signum(address.compareTo(next)))
        .isEqualTo(number(address.bytes()).compareTo(number(next.bytes())));
  }

  @Example void text_that_is_no_digest_or_address_is_refused() {
    for (var text : List.of("", "0x", "0x" + "0".repeat(63), "0".repeat(65), "0x" + "g".repeat(64))) {
      assertThatThrownBy(() -> Bytes32.parse(text)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> MachineId.parse(Address.ZERO.toString())).isInstanceOf(IllegalArgumentException.class);
  }

  @Property void an_amount_is_read_as_it_was_printed(@ForAll @LongRange(min = 0, max = Lp.MAX_GWEI) long gwei) {
    var amount = Lp.gwei(gwei);
    assertThat(Lp.parse(amount.toString().replace(" LP", ""))).isEqualTo(amount);
  }

  @Property void an_amount_is_never_negative_nor_above_all_there_is(@ForAll long gwei) {
    if (gwei < 0 || gwei > Lp.MAX_GWEI) {
      assertThatThrownBy(() -> Lp.gwei(gwei)).isInstanceOf(InvalidValueException.class)
          .hasMessageStartingWith("amount: " + gwei + " gwei of LP");
    } else {
      assertThat(Lp.gwei(gwei).gwei()).isEqualTo(gwei);
    }
  }

  @Property void sums_differences_and_fractions_of_amounts_are_exact_or_refused(
      @ForAll @LongRange(min = 0, max = Lp.MAX_GWEI) long a, @ForAll @LongRange(min = 0, max = Lp.MAX_GWEI) long b,
      @ForAll @LongRange(min = 0) long numerator, @ForAll @LongRange(min = 1) long denominator) {
    var one = Lp.gwei(a);
    var other = Lp.gwei(b);
    assertExact(one::plus, other, BigInteger.valueOf(a).add(BigInteger.valueOf(b)));
    assertExact(one::minus, other, BigInteger.valueOf(a).subtract(BigInteger.valueOf(b)));
    assertExact(_ -> one.times(numerator, denominator), other,
        BigInteger.valueOf(a).multiply(BigInteger.valueOf(numerator)).divide(BigInteger.valueOf(denominator)));
    assertThat(one.min(other).gwei()).isEqualTo(Math.min(a, b));
    assertThat(one.max(other).gwei()).isEqualTo(Math.max(a, b));
    assertThat(one.covers(other)).isEqualTo(a >= b);
  }

  @Example void text_that_is_no_amount_is_refused() {
    for (var text : List.of("", "x", "-1", "0.0000000001", "1000000000.000000001", "1e30", "NaN")) {
      assertThatThrownBy(() -> Lp.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Lp.parse(" 1.5 ")).isEqualTo(Lp.gwei(1_500_000_000L)).hasToString("1.5 LP");
    assertThatThrownBy(() -> Lp.of(1_000_000_001L)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property void a_price_is_the_exact_ceiling_of_ask_times_time(@ForAll @IntRange(min = 0) int gpus,
      @ForAll @IntRange(min = 0) int milliCpu, @ForAll @IntRange(min = 1) int seconds,
      @ForAll @LongRange(min = 0, max = Lp.MAX_GWEI) long ask) {
    // given
    var offer = offer(new Resources(milliCpu, gpus, Bytes32.ZERO, 0, 0, 0), seconds);
    var perSecond = BigInteger.valueOf(ask).multiply(BigInteger.valueOf(seconds));
    var expected = gpus > 0 ? perSecond.multiply(BigInteger.valueOf(gpus))
        : perSecond
            .multiply(BigInteger.valueOf(milliCpu)).add(BigInteger.valueOf(999)).divide(BigInteger.valueOf(1000));
    // then
    assertExact(_ -> offer.priceAt(gpus > 0 ? Lp.gwei(ask) : Lp.ZERO, gpus > 0 ? Lp.ZERO : Lp.gwei(ask)), Lp.ZERO,
        expected);
  }

  @Property void small_prices_are_rounded_up(@ForAll @IntRange(min = 1, max = 5000) int milliCpu,
      @ForAll @IntRange(min = 1, max = 50) int seconds, @ForAll @LongRange(min = 1, max = 9) long ask) {
    var price = offer(Resources.cpu(milliCpu, 0, 0), seconds).priceAt(Lp.ZERO, Lp.gwei(ask)).gwei();
    assertThat(price * 1000).isBetween(ask * milliCpu * seconds, ask * milliCpu * seconds + 999);
  }

  @Property void what_is_left_of_a_machine_and_the_slice_are_the_machine(@ForAll("resources") Resources machine,
      @ForAll("resources") Resources slice) {
    if (machine.holds(slice)) {
      assertThat(machine.minus(slice).plus(slice)).isEqualTo(machine);
    }
    assertThat(machine.holds(machine)).isTrue();
    assertThat(machine.holds(Resources.NONE)).isTrue();
    assertThat(machine.min(slice).min(machine)).isEqualTo(machine.min(slice));
  }

  @Property void a_smaller_machine_holds_no_more(@ForAll("resources") Resources machine,
      @ForAll("resources") Resources other, @ForAll("resources") Resources slice) {
    if (machine.min(other).holds(slice)) {
      assertThat(machine.holds(slice)).isTrue();
    }
  }

  @Provide Arbitrary<Resources> resources() {
    var few = Arbitraries.integers().between(0, 8);
    var model = Arbitraries.of(Bytes32.ZERO, Keccak256.hash("a100"), Keccak256.hash("h100"));
    var mib = Arbitraries.longs().between(0, 1L << 40);
    return Combinators.combine(few, few, model, few, mib, mib).as(Resources::new);
  }

  @Example void a_deals_id_is_the_hash_of_its_abi_encoding_by_an_independent_library() throws Exception {
    var lines = new ArrayList<String>();
    var ours = new ArrayList<String>();
    for (int attempt = 1; attempt <= DealId.MAX_ATTEMPT; attempt++) {
      var job = new JobId(Keccak256.hash("job " + attempt));
      lines.add(job + " " + attempt);
      ours.add(DealId.of(job, attempt).toString());
    }
    assertThat(NodeScript.run("deal-ids.js", lines)).isEqualTo(ours);
  }

  @Example void an_attempt_out_of_bounds_is_no_deal() {
    assertThatThrownBy(() -> Samples.JOB.deal(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Samples.JOB.deal(256)).isInstanceOf(IllegalArgumentException.class);
  }

  @Example void keccak_is_ethereums_not_sha3() {
    assertThat(Keccak256.hash("")).hasToString("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  }

  @Example void numbers_of_enums_come_back_and_others_are_refused() {
    for (var phase : DealPhase.values()) {
      assertThat(DealPhase.of(phase.number())).isEqualTo(phase);
    }
    assertThatThrownBy(() -> DealPhase.of(16)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Engine.of(0)).hasMessage("engine: 0 (expected: 1 docker or 2 wasm)");
    assertThatThrownBy(() -> NetworkPolicy.of(3)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Verification.of(-1)).isInstanceOf(InvalidValueException.class);
  }

  /// An operation on amounts.
  private interface Operation {
    Lp apply(Lp other);
  }

  private static void assertExact(Operation operation, Lp other, BigInteger expected) {
    if (expected.signum() < 0 || expected.compareTo(BigInteger.valueOf(Lp.MAX_GWEI)) > 0) {
      assertThatThrownBy(() -> operation.apply(other)).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(operation.apply(other).gwei()).isEqualTo(expected.longValueExact());
    }
  }

  private static JobOffer offer(Resources resources, int seconds) {
    var sample = Samples.JOB_OFFER;
    var work = new Work(Engine.DOCKER, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, resources, seconds, NetworkPolicy.NONE,
        Bytes32.ZERO, Bytes32.ZERO);
    return new JobOffer(sample.creator(), sample.acceptor(), sample.solver(), sample.market(), sample.target(),
        sample.panel(), work, sample.maxPrice(), sample.maxFee(), sample.minCollateral(), sample.verification(), 1, 0,
        0,
        0, 0, Bytes32.ZERO);
  }

  private static BigInteger number(byte[] bytes) {
    return new BigInteger(1, bytes);
  }
}
