package network.lilypad.actors.deal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import network.lilypad.actors.Samples;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DealRulesTest {
  @ParameterizedTest
  @CsvSource({"200, 50, 100, 100", "200, 0, 100, 2", "200, 1, 100, 2", "200, 100, 100, 200",
      "200, 101, 100, 200", "1, 1, 100, 1", "0, 50, 100, 0",
      "1000000000000000000, 1, 3, 333333333333333334"}) void a_run_costs_its_part_of_the_price_rounded_up(long price,
          long ran, int paid, long cost) {
    assertThat(DealRules.metered(Lp.gwei(price), ran, paid)).isEqualTo(Lp.gwei(cost));
  }

  @Property void metering_never_exceeds_the_price_and_never_cheats_the_provider(
      @ForAll @LongRange(max = Lp.MAX_GWEI) long price, @ForAll @LongRange(max = 1L << 40) long ran,
      @ForAll @IntRange(min = 1) int paid) {
    // when
    long cost = DealRules.metered(Lp.gwei(price), ran, paid).gwei();
    // then: cost is the smallest whole number with cost * paid >= price * seconds
    long seconds = Math.clamp(ran, 1, paid);
    var owed = BigInteger.valueOf(price).multiply(BigInteger.valueOf(seconds));
    assertThat(cost).isBetween(0L, price);
    assertThat(BigInteger.valueOf(cost).multiply(BigInteger.valueOf(paid))).isGreaterThanOrEqualTo(owed);
    assertThat(BigInteger.valueOf(cost - 1).multiply(BigInteger.valueOf(paid))).isLessThan(owed);
  }

  /// Found by the simulation: the ledger stood still until submitBy had passed, and the deal asked for ever.
  @Test void a_result_that_the_ledger_refuses_as_late_is_refunded_and_not_slashed() {
    // given
    var review = new DealState.InReview(Samples.terms(), Samples.lease(), 1_010, Samples.result(), 1_075, 0);
    var late = new Deal.SubmitAnswered(new Bridge.Refused("", new Rejection.TooLate("submission", 1_500, 1_501)));
    // then
    assertThat(review.decide(late, 1_501)).isEqualTo(Decision.persist(new Deal.Ended(Cause.INFRASTRUCTURE,
        List.of(new Bridge.Lapsed(1_501)), new Rejection.TooLate("submission", 1_500, 1_501).message(), 1_501)));
    assertThat(review.decide(late, 1_500)).as("before submitBy it may still be committed")
        .isEqualTo(Decision.proceed());
  }

  @Test void a_release_that_the_ledger_refuses_as_late_is_refunded_and_not_slashed() {
    // given
    var agreed = new DealState.Agreed(Samples.terms(), Samples.lease(), 1_010);
    long submitBy = Samples.lease().word().submitBy();
    var released = new Deal.Ended(Cause.RELEASED, List.of(new Bridge.Released(Samples.release())),
        "given back by its provider", submitBy);
    assertThat(agreed.decide(new Deal.GiveBack(Samples.release(), Refs.DEAL_REPLY), submitBy))
        .isEqualTo(Decision.persist(released));
    var settling = agreed.apply(released);
    // when
    var answer = new Deal.EndAnswered(new Bridge.Refused("", new Rejection.TooLate("release", submitBy, submitBy + 1)));
    var lapsed = new Deal.Ended(Cause.RELEASED, List.of(new Bridge.Lapsed(submitBy + 1)), "given back by its provider",
        submitBy + 1);
    // then
    assertThat(settling.decide(answer, submitBy + 1)).isEqualTo(Decision.persist(lapsed));
    assertThat(settling.apply(lapsed).outstanding()).contains(
        new DealEffect.EndOnLedger(Samples.JOB.deal(1), new Bridge.Lapsed(submitBy + 1)));
    assertThat(settling.apply(lapsed).phase()).isEqualTo(DealPhase.LAPSED);
    var revoked = new Deal.EndAnswered(new Bridge.Refused("", new Rejection.NotAParty("the agent", "the provider")));
    assertThat(settling.decide(revoked, submitBy + 1)).isEqualTo(Decision.persist(lapsed));
    assertThat(settling.apply(lapsed).decide(answer, submitBy + 2)).isEqualTo(Decision.proceed());
    var elsewhere = new Deal.EndAnswered(new Bridge.Refused("", new Rejection.Unavailable("the ledger", 1)));
    assertThat(settling.decide(elsewhere, submitBy + 1)).isEqualTo(Decision.proceed());
  }

  /// Found by the simulation: a request for a slice, overtaken by its giving back, took it again for a deal long over.
  @Test void a_deal_that_is_over_gives_a_slice_back_that_was_taken_again() {
    // given
    var over = new DealState.Unwinding(Samples.terms(), Cause.REFUSED, List.of(), "", 1_010)
        .apply(new Deal.Ended(Cause.REFUSED, List.of(), "", 1_020));
    var again = new DealEffect.FreeSlice(Samples.MACHINE, Samples.JOB.deal(1), true);
    // then
    assertThat(over.decide(new Deal.LeaseGranted(Samples.lease()), 1_030)).isEqualTo(Decision.proceed(again));
    assertThat(over.decide(new Deal.LeaseRefused(DealTableTest.WHY), 1_030)).isEqualTo(Decision.proceed(again));
  }

  /// An agent's clock that was set back during the run: the same signed result is good a little later.
  @Test void a_result_of_a_run_longer_than_its_deal_is_open_may_come_again() {
    // given
    var result = Samples.result();
    long ran = result.word().runSeconds();
    var agreed = new DealState.Agreed(Samples.terms(), Samples.lease(), 1_010);
    long plausible = 1_010 + ran - DealRules.METER_SKEW_SECONDS;
    // then
    assertThat(DealRules.submit(agreed, result, plausible - 1)).isEqualTo(Decision.reject(
        new Rejection.TooEarly("result of a run of " + ran + " s", plausible, plausible - 1)));
    assertThat(DealRules.submit(agreed, result, plausible))
        .isEqualTo(Decision.persist(new Deal.Submitted(result, plausible)));
  }

  @Test void an_opening_that_came_too_late_is_not_blamed_on_the_provider() {
    // given
    var proposed = new DealState.Proposed(Samples.terms(), 1_000);
    var late = new Bridge.Refused("", new Rejection.TooLate("opening", 1_060, 1_061));
    // then
    assertThat(proposed.decide(new Deal.OpenAnswered(Samples.lease(), late), 1_061)).isEqualTo(Decision.persist(
        new Deal.Stopping(Cause.INFRASTRUCTURE, List.of(), late.why().message(), 1_061)));
  }
}
