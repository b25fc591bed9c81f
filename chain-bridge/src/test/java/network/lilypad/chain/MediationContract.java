package network.lilypad.chain;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.COLLATERAL;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.FUNDS;
import static network.lilypad.chain.Cast.PRICE;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.REVIEW_SECONDS;
import static network.lilypad.chain.Cast.ROOT;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.Cast.SUBMIT_BY;
import static network.lilypad.chain.Cast.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Panel;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Verdict;

/// What every ledger does with disputes, agents, revoked jobs and jobs that are paid in one step.
abstract class MediationContract extends AccountContract {
  private static final List<Wallet> MEDIATORS = Stream.of("m1", "m2", "m3").map(Cast::wallet)
      .sorted(Comparator.comparing(Wallet::address)).toList();
  private static final Lp FEE = Lp.of(2);
  private static final Panel PANEL = new Panel(2, FEE, MEDIATORS.stream().map(Wallet::address).toList());
  private static final Lp COST = Lp.of(40);
  private static final Lp TENTH = PRICE.times(1, 10);

  private static JobOffer judged(long nonce) {
    var o = offer(nonce);
    return new JobOffer(o.creator(), o.acceptor(), o.solver(), o.market(), o.target(), PANEL.id(), o.work(),
        o.maxPrice(), o.maxFee(), o.minCollateral(), o.verification(), o.maxAttempts(), o.reviewSeconds(),
        o.validUntil(), o.deliverBy(), nonce, o.extra());
  }

  private Intent.Open submitted(long nonce) {
    var open = cast.open(judged(nonce), 1);
    done(open);
    done(cast.submit(open, COST));
    return open;
  }

  private Intent.Open disputed(long nonce) {
    var open = submitted(nonce);
    assertThat(done(dispute(open, CREATOR)).phase()).isEqualTo(DealPhase.RESULTS_CHECKED);
    return open;
  }

  private Intent.Check dispute(Intent.Open open, Wallet by) {
    return new Intent.Check(open.deal(), cast.sign(by, new Dispute(open.deal(), ROOT)), PANEL);
  }

  private Intent.End decided(Intent.Open open, int verdict, Wallet... by) {
    var verdicts = Stream.of(by).map(mediator -> cast.sign(mediator, new Verdict(open.deal(), 1, verdict, ROOT)))
        .toList();
    return new Intent.End(open.deal(), new Intent.Decided(PANEL, verdicts));
  }

  private Intent.End decided(Intent.Open open, int verdict) {
    return decided(open, verdict, MEDIATORS.get(0), MEDIATORS.get(2));
  }

  @Test void a_dispute_locks_the_panels_fees_and_a_tenth_of_the_price() {
    disputed(1);
    assertHas(CREATOR, FUNDS.minus(PRICE).minus(FEE.times(3, 1)).minus(TENTH),
        PRICE.plus(FEE.times(3, 1)).plus(TENTH));
  }

  @Test void who_upheld_the_result_is_paid_by_the_creator_who_doubted_it() {
    var end = done(decided(disputed(1), 1));
    assertThat(end.phase()).isEqualTo(DealPhase.MEDIATION_ACCEPTED);
    assertHas(PROVIDER, FUNDS.plus(COST).plus(TENTH), Lp.ZERO);
    assertHas(CREATOR, FUNDS.minus(COST).minus(TENTH).minus(FEE.times(2, 1)), Lp.ZERO);
    assertHas(MEDIATORS.get(0), FEE, Lp.ZERO);
    assertHas(MEDIATORS.get(1), Lp.ZERO, Lp.ZERO);
  }

  @Test void a_rejected_result_costs_the_provider_its_collateral_and_makes_the_creator_whole() {
    var end = done(decided(disputed(1), 2));
    assertThat(end.phase()).isEqualTo(DealPhase.MEDIATION_REJECTED);
    assertHas(CREATOR, FUNDS.plus(TENTH), Lp.ZERO);
    assertHas(PROVIDER, FUNDS.minus(COLLATERAL), Lp.ZERO);
    assertThat(ledger.totals().pool()).isEqualTo(COLLATERAL.minus(FEE.times(2, 1)).minus(TENTH));
  }

  @Test void a_job_that_nobody_can_judge_is_paid_without_compensation() {
    assertThat(done(decided(disputed(1), 3)).phase()).isEqualTo(DealPhase.MEDIATION_ACCEPTED);
    assertHas(PROVIDER, FUNDS.plus(COST), Lp.ZERO);
    assertHas(CREATOR, FUNDS.minus(COST).minus(FEE.times(2, 1)), Lp.ZERO);
  }

  @Test void a_panel_that_cannot_judge_earns_nothing_and_nobody_loses() {
    for (int verdict : List.of(4, 5)) {
      assertThat(done(decided(disputed(verdict), verdict)).phase()).isEqualTo(DealPhase.NO_VERDICT);
      assertUntouched();
      assertHas(MEDIATORS.get(0), Lp.ZERO, Lp.ZERO);
    }
  }

  @Test void a_silent_panel_refunds_everybody_after_its_time_and_not_before() {
    var open = disputed(1);
    var silent = new Intent.End(open.deal(), new Intent.PanelSilent());
    clock.pass(Intent.MEDIATION_SECONDS);
    assertThat(refused(silent)).isInstanceOf(Rejection.TooEarly.class);
    clock.pass(1);
    assertThat(refused(decided(open, 1))).isInstanceOf(Rejection.TooLate.class);
    assertThat(done(silent).phase()).isEqualTo(DealPhase.TIMEOUT_MEDIATE_RESULTS);
    assertUntouched();
  }

  @Test void a_dispute_comes_within_the_review_from_the_creators_side_and_about_this_result() {
    var open = submitted(1);
    assertThat(refused(dispute(open, STRANGER))).isInstanceOf(Rejection.NotAParty.class);
    var other = cast.sign(CREATOR, new Dispute(open.deal(), Keccak256.hash("other")));
    assertThat(refused(new Intent.Check(open.deal(), other, PANEL))).isInstanceOf(Rejection.Malformed.class);
    var foreign = new Panel(1, FEE, List.of(STRANGER.address()));
    assertThat(refused(new Intent.Check(open.deal(), dispute(open, CREATOR).dispute(), foreign)))
        .isInstanceOf(Rejection.Malformed.class);
    clock.pass(REVIEW_SECONDS);
    assertThat(refused(dispute(open, ACCEPTOR))).isInstanceOf(Rejection.TooLate.class);
  }

  @Test void a_disputed_deal_has_no_other_way_out() {
    var open = disputed(1);
    clock.pass(SUBMIT_BY);
    assertThat(refused(cast.accept(open, COST))).isInstanceOf(Rejection.WrongState.class);
    assertThat(refused(new Intent.End(open.deal(), new Intent.Silence(cast.submit(open, COST).result()))))
        .isInstanceOf(Rejection.WrongState.class);
    var held = ledger.deal(open.deal());
    assertThat(ask(new Intent.End(open.deal(), new Intent.NoResult()))).isEqualTo(held);
  }

  @Test void a_verdict_takes_a_quorum_of_different_members_who_say_the_same() {
    var open = disputed(1);
    assertThat(refused(decided(open, 1, MEDIATORS.getFirst()))).isInstanceOf(Rejection.Mismatch.class);
    assertThat(refused(decided(open, 1, MEDIATORS.getFirst(), MEDIATORS.getFirst())))
        .isInstanceOf(Rejection.Mismatch.class);
    assertThat(refused(decided(open, 1, MEDIATORS.getFirst(), STRANGER))).isInstanceOf(Rejection.NotAParty.class);
    var split = List.of(cast.sign(MEDIATORS.get(0), new Verdict(open.deal(), 1, 1, ROOT)),
        cast.sign(MEDIATORS.get(1), new Verdict(open.deal(), 1, 2, ROOT)));
    assertThat(refused(new Intent.End(open.deal(), new Intent.Decided(PANEL, split))))
        .isInstanceOf(Rejection.Mismatch.class);
  }

  @Test void an_agent_signs_for_its_provider_until_its_time_and_for_nobody_else() {
    var offer = offer(1);
    var byAgent = new Intent.Open(cast.sign(CREATOR, offer), cast.sign(STRANGER, cast.lease(offer, 1)));
    assertThat(refused(byAgent)).isInstanceOf(Rejection.NotAParty.class);
    done(new Intent.SetAgent(PROVIDER.address(), STRANGER.address(), TestClock.START + 10));
    var again = new Intent.Open(cast.sign(CREATOR, offer), cast.sign(STRANGER, cast.lease(offer, 2)));
    assertThat(done(again).phase()).isEqualTo(DealPhase.AGREED);
    clock.pass(11);
    var release = new Intent.End(again.deal(),
        new Intent.Released(cast.sign(STRANGER, new Release(again.deal()))));
    assertThat(refused(release)).isInstanceOf(Rejection.NotAParty.class);
    done(new Intent.SetAgent(PROVIDER.address(), STRANGER.address(), TestClock.START + 100));
    assertThat(done(release).phase()).isEqualTo(DealPhase.RELEASED);
  }

  @Test void a_revoked_job_never_opens() {
    var offer = offer(1);
    var cancel = cast.sign(CREATOR, new Cancel(cast.job(offer)));
    done(new Intent.Revoke(cast.sign(CREATOR, offer), cancel));
    assertThat(refused(cast.open(offer, 1))).isInstanceOf(Rejection.JobEnded.class);
    assertThat(refused(cast.reserve(offer))).isInstanceOf(Rejection.JobEnded.class);
    var other = offer(2);
    var foreign = new Intent.Revoke(cast.sign(CREATOR, other), cast.sign(STRANGER, new Cancel(cast.job(other))));
    assertThat(refused(foreign)).isInstanceOf(Rejection.NotAParty.class);
  }

  @Test void a_finished_job_is_paid_in_one_step_even_when_it_is_too_late_to_open_it() {
    var open = cast.open(offer(1), 1);
    clock.pass(SUBMIT_BY);
    var accepted = (Intent.Accepted) cast.accept(open, COST).proof();
    var end = done(new Intent.OpenAndSettle(open, accepted));
    assertThat(end.phase()).isEqualTo(DealPhase.RESULTS_ACCEPTED);
    assertHas(CREATOR, FUNDS.minus(COST), Lp.ZERO);
    assertHas(PROVIDER, FUNDS.plus(COST), Lp.ZERO);
    assertThat(done(new Intent.OpenAndSettle(open, accepted))).isEqualTo(end);
    var next = cast.open(offer(1), 2);
    var again = new Intent.OpenAndSettle(next, (Intent.Accepted) cast.accept(next, COST).proof());
    assertThat(refused(again)).isInstanceOf(Rejection.JobEnded.class);
  }

  @Test void the_solver_gets_its_fee_up_to_what_the_creator_allowed() {
    var open = cast.open(offer(1), 1);
    assertThat(refused(new Intent.Open(open.offer(), open.lease(), Cast.MAX_FEE.plus(Lp.gwei(1)))))
        .isInstanceOf(Rejection.TooExpensive.class);
    var next = cast.open(offer(1), 2);
    done(new Intent.Open(next.offer(), next.lease(), Cast.MAX_FEE));
    assertHas(CREATOR, FUNDS.minus(PRICE).minus(Cast.MAX_FEE), PRICE);
    assertHas(Cast.SOLVER, Cast.MAX_FEE, Lp.ZERO);
  }

  @Test void a_keeper_who_is_no_party_gets_a_hundredth_of_the_price_of_the_slash() {
    var open = opened();
    clock.pass(SUBMIT_BY - TestClock.START + 1);
    done(new Intent.End(open.deal(), new Intent.NoResult(STRANGER.address())));
    assertHas(STRANGER, PRICE.times(1, 100), Lp.ZERO);
    assertThat(ledger.totals().pool()).isEqualTo(Lp.of(5).minus(PRICE.times(1, 100)));
  }
}
