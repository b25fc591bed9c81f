package network.lilypad.chain;

import static network.lilypad.chain.Cast.ACCEPTOR;
import static network.lilypad.chain.Cast.COLLATERAL;
import static network.lilypad.chain.Cast.CREATOR;
import static network.lilypad.chain.Cast.FUNDS;
import static network.lilypad.chain.Cast.MAX_PRICE;
import static network.lilypad.chain.Cast.PRICE;
import static network.lilypad.chain.Cast.PROVIDER;
import static network.lilypad.chain.Cast.REVIEW_SECONDS;
import static network.lilypad.chain.Cast.RUN_SECONDS;
import static network.lilypad.chain.Cast.SOLVER;
import static network.lilypad.chain.Cast.STRANGER;
import static network.lilypad.chain.Cast.SUBMIT_BY;
import static network.lilypad.chain.Cast.VALID_UNTIL;
import static network.lilypad.chain.Cast.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// What every ledger behind the settlement port does, whatever it is made of: extend it for each adapter.
public abstract class SettlementContract extends MediationContract {
  private static void assertEnd(Bridge.Receipt receipt, DealPhase phase, Lp paid, Lp refunded) {
    assertThat(receipt.phase()).isEqualTo(phase);
    assertThat(receipt.paid()).isEqualTo(paid);
    assertThat(receipt.refunded()).isEqualTo(refunded);
  }

  @Test void a_happy_deal_locks_both_sides_then_pays_the_cost_and_returns_the_rest() {
    var open = opened();
    assertHas(CREATOR, FUNDS.minus(PRICE), PRICE);
    assertHas(PROVIDER, FUNDS.minus(COLLATERAL), COLLATERAL);
    // when
    var cost = Lp.of(30);
    assertThat(done(cast.submit(open, cost)).phase()).isEqualTo(DealPhase.RESULTS_SUBMITTED);
    var end = done(cast.accept(open, cost));
    // then
    assertEnd(end, DealPhase.RESULTS_ACCEPTED, cost, Lp.of(20));
    assertHas(CREATOR, FUNDS.minus(cost), Lp.ZERO);
    assertHas(PROVIDER, FUNDS.plus(cost), Lp.ZERO);
    assertThat(ledger.deal(open.deal())).isEqualTo(end);
  }

  @Test void a_result_and_its_acceptance_by_the_acceptor_settle_in_one_step() {
    var open = opened();
    assertEnd(done(cast.accept(open, PRICE, ACCEPTOR)), DealPhase.RESULTS_ACCEPTED, PRICE, Lp.ZERO);
  }

  @Test void silence_through_the_review_window_is_paid_and_not_a_second_before() {
    var open = opened();
    var submit = cast.submit(open, PRICE);
    var silence = new Intent.End(open.deal(), new Intent.Silence(submit.result()));
    assertThat(refused(silence)).isInstanceOf(Rejection.WrongState.class);
    long submittedAt = done(submit).at();
    // when
    clock.pass(REVIEW_SECONDS - 1);
    assertThat(refused(silence)).isEqualTo(new Rejection.TooEarly("end of review", submittedAt + REVIEW_SECONDS,
        submittedAt + REVIEW_SECONDS - 1));
    clock.pass(1);
    // then
    assertEnd(done(silence), DealPhase.TIMEOUT_JUDGE_RESULTS, PRICE, Lp.ZERO);
    assertHas(PROVIDER, FUNDS.plus(PRICE), Lp.ZERO);
  }

  @Test void a_missed_deadline_refunds_the_creator_and_slashes_the_provider_for_victim_and_pool() {
    var open = opened();
    var noResult = new Intent.End(open.deal(), new Intent.NoResult());
    clock.pass(SUBMIT_BY - TestClock.START);
    assertThat(refused(noResult)).isInstanceOf(Rejection.TooEarly.class);
    clock.pass(1);
    // when: a fifth of the price is slashed, half of it for the victim
    assertEnd(done(noResult), DealPhase.TIMEOUT_SUBMIT_RESULTS, Lp.ZERO, PRICE.plus(Lp.of(5)));
    // then
    assertHas(CREATOR, FUNDS.plus(Lp.of(5)), Lp.ZERO);
    assertHas(PROVIDER, FUNDS.minus(Lp.of(10)), Lp.ZERO);
    assertThat(ledger.totals().pool()).isEqualTo(Lp.of(5));
  }

  @Test void a_slash_is_never_more_than_the_collateral_and_its_odd_gwei_goes_to_the_pool() {
    var work = offer(77);
    var cheap = new JobOffer(work.creator(), work.acceptor(), work.solver(), work.market(), work.target(), work.panel(),
        work.work(), work.maxPrice(), work.maxFee(), Lp.ZERO, work.verification(), 1, 0, VALID_UNTIL, SUBMIT_BY, 77,
        work.extra());
    var open = cast.open(cheap, cast.lease(cheap, 1, PROVIDER, PRICE, Lp.gwei(7)));
    done(open);
    clock.pass(SUBMIT_BY - TestClock.START + 1);
    assertThat(done(new Intent.End(open.deal(), new Intent.NoResult())).refunded()).isEqualTo(PRICE.plus(Lp.gwei(3)));
    assertThat(ledger.totals().pool()).isEqualTo(Lp.gwei(4));
  }

  @Test void a_cancel_costs_a_tenth_at_least_then_the_time_that_has_run_then_all_of_it() {
    for (var expected : List.of(List.of(0, 5), List.of(10, 5), List.of(40, 20), List.of(100, 50), List.of(300, 50))) {
      var open = opened();
      clock.pass(expected.getFirst());
      var cancel = cast.sign(CREATOR, new Cancel(open.lease().word().job()));
      var paid = Lp.of(expected.getLast());
      assertEnd(done(new Intent.End(open.deal(), new Intent.Cancelled(cancel))), DealPhase.CANCELLED, paid,
          PRICE.minus(paid));
    }
  }

  @Test void a_released_deal_refunds_both() {
    var open = opened();
    var release = cast.sign(PROVIDER, new Release(open.deal()));
    assertEnd(done(new Intent.End(open.deal(), new Intent.Released(release))), DealPhase.RELEASED, Lp.ZERO, PRICE);
    assertUntouched();
  }

  @Test void a_release_counts_until_submit_by_and_a_lapse_after_it_too() {
    var late = opened();
    var inTime = opened();
    clock.pass(SUBMIT_BY - TestClock.START);
    assertThat(done(release(inTime)).phase()).isEqualTo(DealPhase.RELEASED);
    clock.pass(1);
    assertThat(refused(release(late))).isInstanceOf(Rejection.TooLate.class);
    assertEnd(done(lapse(late, SOLVER)), DealPhase.LAPSED, Lp.ZERO, PRICE);
    assertUntouched();
  }

  private Intent.End release(Intent.Open open) {
    return end(open, new Intent.Released(cast.sign(PROVIDER, new Release(open.deal()))));
  }

  @Test void a_lapsed_deal_refunds_both() {
    var open = opened();
    assertEnd(done(lapse(open, SOLVER)), DealPhase.LAPSED, Lp.ZERO, PRICE);
    assertUntouched();
  }

  @Test void a_submitted_result_beats_lapse_release_cancel_and_the_missed_deadline() {
    var open = opened();
    var submitted = done(cast.submit(open, PRICE));
    clock.pass(SUBMIT_BY);
    var release = cast.sign(PROVIDER, new Release(open.deal()));
    var cancel = cast.sign(CREATOR, new Cancel(open.lease().word().job()));
    for (var proof : List.of(lapse(open, SOLVER).proof(), new Intent.Released(release), new Intent.Cancelled(cancel),
        new Intent.NoResult())) {
      assertThat(ask(new Intent.End(open.deal(), proof))).isEqualTo(submitted);
    }
    assertThat(ledger.deal(open.deal())).isEqualTo(submitted);
  }

  @Test void every_step_repeated_gives_its_first_receipt_and_moves_nothing() {
    var offer = offer(1);
    var open = cast.open(offer, 1);
    var steps = List.of(new Intent.Faucet(STRANGER.address(), Lp.of(1), 5), cast.reserve(offer), open,
        cast.submit(open, PRICE));
    for (var step : steps) {
      var first = done(step);
      clock.pass(1);
      assertThat(done(step)).isEqualTo(first);
    }
    var end = done(cast.accept(open, PRICE));
    // when
    clock.pass(1);
    var later = Stream.of(cast.accept(open, PRICE), lapse(open, SOLVER),
        new Intent.End(open.deal(), new Intent.NoResult())).map(this::ask);
    // then
    assertThat(later).containsOnly(end);
    assertThat(
        steps.stream().filter(step -> !(step instanceof Intent.Reserve)).map(this::done).map(Bridge.Receipt::phase))
        .containsExactly(DealPhase.NEGOTIATING, DealPhase.AGREED, DealPhase.RESULTS_SUBMITTED);
    assertHas(CREATOR, FUNDS.minus(PRICE), Lp.ZERO);
    assertHas(PROVIDER, FUNDS.plus(PRICE), Lp.ZERO);
  }

  @Test void another_word_for_a_step_that_is_done_is_a_conflict() {
    var open = opened();
    done(cast.submit(open, PRICE));
    assertThat(refused(cast.submit(open, Lp.of(1)))).isInstanceOf(Rejection.LedgerConflict.class);
    assertThat(refused(cast.accept(open, Lp.of(1)))).isInstanceOf(Rejection.LedgerConflict.class);
    var offer = open.offer().word();
    assertThat(refused(cast.open(offer, cast.lease(offer, 1, PROVIDER, Lp.of(1), COLLATERAL))))
        .isInstanceOf(Rejection.LedgerConflict.class);
  }

  @Test void an_opening_that_the_words_do_not_cover_is_refused_with_its_reason() {
    var offer = offer(1);
    var target = offer(CREATOR, 2, MAX_PRICE, STRANGER.address());
    var foreign = offer(STRANGER, 3, MAX_PRICE, Address.ZERO);
    assertThat(refused(cast.open(offer, cast.lease(offer, 1, PROVIDER, MAX_PRICE.plus(Lp.gwei(1)), COLLATERAL))))
        .isInstanceOf(Rejection.TooExpensive.class);
    assertThat(refused(cast.open(offer, cast.lease(offer, 2, PROVIDER, PRICE, Lp.of(9)))))
        .isEqualTo(new Rejection.Mismatch("collateral", "9 LP < 10 LP"));
    assertThat(refused(cast.open(target, 3))).isInstanceOf(Rejection.Mismatch.class);
    assertThat(refused(cast.open(foreign, 4))).isInstanceOf(Rejection.NotAParty.class);
    assertThat(refused(cast.open(offer, cast.lease(offer, 5, STRANGER, PRICE, COLLATERAL))))
        .isInstanceOf(Rejection.NotAParty.class);
    assertThat(refused(new Intent.Open(cast.sign(CREATOR, offer), cast.sign(PROVIDER, cast.lease(target, 6)))))
        .isInstanceOf(Rejection.Mismatch.class);
    assertThat(refused(cast.open(offer, cast.lease(offer, 7, PROVIDER, PRICE, FUNDS.plus(Lp.gwei(1))))))
        .isEqualTo(new Rejection.InsufficientFunds(PROVIDER.address().toString(), FUNDS.gwei() + 1, FUNDS.gwei()));
    assertUntouched();
  }

  @Test void a_signature_that_is_not_its_signers_debits_nobody() {
    var offer = offer(1);
    var forgedOffer = new Signed<>(offer, CREATOR.address(), cast.sign(STRANGER, offer).signature());
    var lease = cast.lease(offer, 1);
    var forgedLease = new Signed<>(lease, PROVIDER.address(), cast.sign(STRANGER, lease).signature());
    assertThat(refused(new Intent.Open(forgedOffer, cast.sign(PROVIDER, lease))))
        .isEqualTo(new Rejection.BadSignature("job offer", CREATOR.address().toString()));
    assertThat(refused(new Intent.Open(cast.sign(CREATOR, offer), forgedLease))).isInstanceOf(
        Rejection.BadSignature.class);
    assertThat(refused(new Intent.Reserve(forgedOffer, cast.job(offer)))).isInstanceOf(Rejection.BadSignature.class);
    assertUntouched();
  }

  @Test void an_opening_after_openBy_or_validUntil_is_refused() {
    clock.pass(VALID_UNTIL - TestClock.START + 1);
    assertThat(refused(cast.open(offer(1), 1)))
        .isEqualTo(new Rejection.TooLate("job offer", VALID_UNTIL, VALID_UNTIL + 1));
  }

  @Test void a_refused_opening_is_refused_for_ever_with_the_same_words() {
    var offer = offer(STRANGER, 9, MAX_PRICE, Address.ZERO);
    var open = new Intent.Open(cast.sign(STRANGER, offer), cast.sign(PROVIDER, cast.lease(offer, 1)));
    var why = refused(open);
    assertThat(why)
        .isEqualTo(new Rejection.InsufficientFunds(STRANGER.address().toString(), PRICE.gwei(), 0));
    // when the money comes
    done(new Intent.Faucet(STRANGER.address(), FUNDS, 1));
    // then the deal stays shut, and the next attempt opens
    assertThat(refused(open)).isEqualTo(why);
    assertThat(done(new Intent.Annul(open.deal())).phase()).isEqualTo(DealPhase.TIMEOUT_AGREE);
    assertThat(done(new Intent.Open(cast.sign(STRANGER, offer), cast.sign(PROVIDER, cast.lease(offer, 2)))).phase())
        .isEqualTo(DealPhase.AGREED);
  }

  @Test void an_annulled_deal_never_opens() {
    var open = cast.open(offer(1), 1);
    var annulled = done(new Intent.Annul(open.deal()));
    assertEnd(annulled, DealPhase.TIMEOUT_AGREE, Lp.ZERO, Lp.ZERO);
    assertThat(refused(open)).isInstanceOf(Rejection.LedgerConflict.class);
    clock.pass(1);
    assertThat(done(new Intent.Annul(open.deal()))).isEqualTo(annulled);
    assertThat(ledger.deal(open.deal())).isEqualTo(annulled);
    assertUntouched();
  }

  @Test void annulling_a_deal_that_has_opened_tells_its_present_phase() {
    var open = opened();
    assertThat(done(new Intent.Annul(open.deal())).phase()).isEqualTo(DealPhase.AGREED);
    done(cast.submit(open, PRICE));
    assertThat(done(new Intent.Annul(open.deal())).phase()).isEqualTo(DealPhase.RESULTS_SUBMITTED);
    done(cast.accept(open, PRICE));
    assertThat(done(new Intent.Annul(open.deal())).phase()).isEqualTo(DealPhase.RESULTS_ACCEPTED);
  }

  @Test void a_second_deal_of_a_job_is_refused_while_one_lives_and_the_next_attempt_uses_the_slot() {
    var first = opened();
    var offer = first.offer().word();
    assertThat(refused(cast.open(offer, 2))).isInstanceOf(Rejection.LedgerConflict.class);
    var lapsed = done(lapse(first, SOLVER));
    // when
    var third = cast.open(offer, 3);
    assertThat(done(third).phase()).isEqualTo(DealPhase.AGREED);
    // then the first deal's end is still known
    assertThat(ask(cast.accept(first, PRICE))).isEqualTo(lapsed);
    assertThat(ledger.deal(first.deal())).isEqualTo(lapsed);
    assertThat(ledger.deal(third.deal())).isEqualTo(done(third));
  }

  @Test void an_earlier_attempt_cannot_open_after_a_later_one() {
    var offer = offer(1);
    var second = cast.open(offer, 2);
    done(second);
    done(lapse(second, SOLVER));
    assertThat(refused(cast.open(offer, 1))).isInstanceOf(Rejection.LedgerConflict.class);
  }

  @Test void a_paid_job_never_opens_again() {
    var open = opened();
    done(cast.accept(open, PRICE));
    assertThat(refused(cast.open(open.offer().word(), 2))).isEqualTo(
        new Rejection.JobEnded(open.lease().word().job().toString(), "RESULTS_ACCEPTED"));
    assertThat(refused(cast.reserve(open.offer().word()))).isInstanceOf(Rejection.JobEnded.class);
  }

  @Test void only_the_right_party_ends_a_deal() {
    var open = opened();
    var job = open.lease().word().job();
    var result = cast.sign(PROVIDER, Cast.result(open, PRICE));
    var wrong = List.of(lapse(open, STRANGER), cast.accept(open, PRICE, PROVIDER),
        end(open, new Intent.Cancelled(cast.sign(PROVIDER, new Cancel(job)))),
        end(open, new Intent.Released(cast.sign(CREATOR, new Release(open.deal())))),
        end(open, new Intent.Accepted(cast.sign(CREATOR, result.word()),
            cast.sign(CREATOR, new Acceptance(open.deal(), Cast.ROOT, PRICE)))),
        new Intent.Submit(open.deal(), cast.sign(STRANGER, result.word())));
    for (var intent : wrong) {
      assertThat(refused(intent)).isInstanceOf(Rejection.NotAParty.class);
    }
    assertThat(ledger.deal(open.deal())).isEqualTo(done(open));
  }

  @Test void a_word_about_another_deal_ends_nothing() {
    var open = opened();
    var other = opened();
    for (var intent : List.of(end(open, lapse(other, SOLVER).proof()), end(open, cast.accept(other, PRICE).proof()),
        end(open, new Intent.Released(cast.sign(PROVIDER, new Release(other.deal())))),
        end(open, new Intent.Cancelled(cast.sign(CREATOR, new Cancel(other.lease().word().job())))),
        new Intent.Submit(open.deal(), cast.submit(other, PRICE).result()))) {
      assertThat(refused(intent)).isInstanceOf(Rejection.Malformed.class);
    }
  }

  private static Intent.End end(Intent.Open open, Intent.Proof proof) {
    return new Intent.End(open.deal(), proof);
  }

  @Test void a_cost_above_price_or_above_the_metered_time_is_refused() {
    var open = opened();
    assertThat(refused(cast.submit(open, PRICE.plus(Lp.gwei(1))))).isInstanceOf(Rejection.TooLarge.class);
    var half = new Result(open.deal(), Cast.ROOT, Lp.of(26), TestClock.START, TestClock.START + RUN_SECONDS / 2);
    assertThat(refused(new Intent.Submit(open.deal(), cast.sign(PROVIDER, half)))).isEqualTo(
        new Rejection.TooLarge("cost in gwei of LP", Lp.of(26).gwei(), Lp.parse("25.5").gwei()));
  }

  @Test void a_result_after_submitBy_is_refused() {
    var open = opened();
    clock.pass(SUBMIT_BY - TestClock.START + 1);
    assertThat(refused(cast.submit(open, PRICE))).isInstanceOf(Rejection.TooLate.class);
  }

  @Test void an_unknown_deal_is_not_found() {
    var open = cast.open(offer(1), 1);
    var unknown = new Rejection.NotFound("deal", open.deal().toString());
    assertThat(refused(cast.submit(open, PRICE))).isEqualTo(unknown);
    assertThat(refused(cast.accept(open, PRICE))).isEqualTo(unknown);
    assertThat(ledger.deal(open.deal())).isEqualTo(new Bridge.Refused(open.deal().toString(), unknown));
  }
}
