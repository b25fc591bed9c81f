package network.lilypad.actors.deal;

import java.math.BigInteger;
import java.util.List;
import network.lilypad.actors.deal.Deal.Committed;
import network.lilypad.actors.deal.Deal.Ended;
import network.lilypad.actors.deal.Deal.Event;
import network.lilypad.actors.deal.Deal.Opened;
import network.lilypad.actors.deal.Deal.Overruled;
import network.lilypad.actors.deal.Deal.Stopping;
import network.lilypad.actors.deal.Deal.Submitted;
import network.lilypad.actors.deal.Deal.Terms;
import network.lilypad.actors.deal.DealEffect.AnswerStop;
import network.lilypad.actors.deal.DealEffect.CommitResult;
import network.lilypad.actors.deal.DealEffect.OpenOnLedger;
import network.lilypad.actors.deal.DealEffect.ReserveSlice;
import network.lilypad.actors.deal.DealEffect.RunOnMachine;
import network.lilypad.actors.deal.DealState.Agreed;
import network.lilypad.actors.deal.DealState.InReview;
import network.lilypad.actors.deal.DealState.Proposed;
import network.lilypad.actors.deal.DealState.Settling;
import network.lilypad.actors.deal.DealState.Unwinding;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.message.Bridge.Receipt;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// The conditions behind the rows of [DealState]'s table.
final class DealRules {
  /// How far a machine's clock may run ahead of ours before its metered time is not believed.
  static final int METER_SKEW_SECONDS = 2;

  private DealRules() {}

  static ReserveSlice reserve(Terms terms) {
    return new ReserveSlice(terms.machine(), terms.job(), terms.offer(), terms.attempt(), terms.price());
  }

  static RunOnMachine run(Agreed s) {
    return new RunOnMachine(s.terms().machine(), s.terms().deal(), s.terms().offer(), s.lease());
  }

  static AnswerStop heard(Terms terms) {
    return new AnswerStop(terms.job(), terms.attempt(), false);
  }

  static Decision<Event> stop(Proposed s, List<Signed<Cancel>> cancel, long now) {
    return cancel.isEmpty()
        ? stop(Cause.EXPIRED, cancel, "the offer ran out", now)
        : stop(Cause.CANCELLED, cancel, "cancelled by its creator", now);
  }

  static Decision<Event> stop(Cause cause, List<Signed<Cancel>> cancel, String detail, long now) {
    return Decision.persist(new Stopping(cause, cancel, detail, now));
  }

  static Decision<Event> end(Cause cause, Bridge.Ending ending, String detail, long now) {
    return Decision.persist(new Ended(cause, List.of(ending), detail, now));
  }

  static Decision<Event> open(Proposed s, Signed<Lease> lease, long now) {
    var word = lease.word();
    boolean ours = word.job().equals(s.terms().job()) && word.attempt() == s.terms().attempt()
        && word.provider().equals(s.terms().machine().provider()) && word.price().equals(s.terms().price());
    return ours
        ? Decision.proceed(new OpenOnLedger(s.terms().offer(), lease))
        : stop(Cause.REFUSED, List.of(), "the machine signed another lease than it was asked for", now);
  }

  static Decision<Event> opened(Proposed s, Signed<Lease> lease, Bridge.Reply answer, long now) {
    return switch (answer) {
      case Receipt r when r.phase() == DealPhase.AGREED -> Decision.persist(new Opened(lease, r.at()));
      case Receipt r -> stop(Cause.INFRASTRUCTURE, List.of(), "the ledger says " + r.phase(), now);
      case Bridge.Refused(_, var why) when why.retryAfter().isPresent() -> Decision.proceed();
      case Bridge.Refused(_, var why) -> stop(refusal(s, why), List.of(), why.message(), now);
    };
  }

  /// A machine that cannot now may be asked again; one that will not is left out.
  static Cause refusal(Rejection why) {
    return why instanceof Rejection.NoCapacity || why instanceof Rejection.MachineUnavailable
        ? Cause.INFRASTRUCTURE
        : Cause.REFUSED;
  }

  /// Who is to blame for an opening that the ledger refused. One that came too late is nobody's: the ledger was slow.
  private static Cause refusal(Proposed s, Rejection why) {
    var creator = s.terms().offer().word().creator().toString();
    return switch (why) {
      case Rejection.InsufficientFunds(var account, _, _) when account.equals(creator) -> Cause.INSUFFICIENT_FUNDS;
      case Rejection.TooLate _ -> Cause.INFRASTRUCTURE;
      default -> Cause.REFUSED;
    };
  }

  static Decision<Event> annulled(Unwinding s, Bridge.Reply answer, long now) {
    return switch (answer) {
      case Receipt r when r.phase() == DealPhase.TIMEOUT_AGREE ->
        Decision.persist(new Ended(s.cause(), List.of(), s.detail(), now));
      case Receipt _ when !s.cancel().isEmpty() ->
        end(s.cause(), new Bridge.Cancelled(s.cancel().getFirst()), s.detail(), now);
      case Receipt _ -> end(s.cause(), new Bridge.Lapsed(now), s.detail(), now);
      case Bridge.Refused _ -> Decision.proceed();
    };
  }

  static Decision<Event> submit(Agreed s, Signed<Result> result, long now) {
    var word = result.word();
    var lease = s.lease().word();
    var meter = metered(lease.price(), word.runSeconds(), s.terms().offer().word().work().runSeconds());
    if (!word.deal().equals(lease.deal())) {
      return Decision.reject(new Rejection.Malformed("deal", word.deal().toString(), lease.deal().toString()));
    }
    if (!result.signer().equals(s.lease().signer())) {
      return Decision.reject(notAParty(result.signer(), "the lease's signer " + s.lease().signer()));
    }
    if (now > lease.submitBy()) {
      return Decision.reject(new Rejection.TooLate("submission", lease.submitBy(), now));
    }
    long plausible = s.openedAt() + word.runSeconds() - METER_SKEW_SECONDS;
    if (plausible > now) {
      return Decision.reject(new Rejection.TooEarly("result of a run of " + word.runSeconds() + " s", plausible, now));
    }
    if (!meter.covers(word.cost())) {
      return Decision.reject(new Rejection.TooExpensive(word.cost().gwei(), meter.gwei()));
    }
    return Decision.persist(new Submitted(result, now));
  }

  /// What a run of so many seconds may cost: the lease's price in proportion, rounded up, at most all of it. A run
  /// shorter than a second counts as one.
  static Lp metered(Lp price, long ranSeconds, int paidSeconds) {
    long seconds = Math.min(Math.max(1, ranSeconds), paidSeconds);
    var share = BigInteger.valueOf(price.gwei()).multiply(BigInteger.valueOf(seconds))
        .add(BigInteger.valueOf(paidSeconds - 1L)).divide(BigInteger.valueOf(paidSeconds));
    return Lp.gwei(share.longValueExact());
  }

  static Decision<Event> giveBack(Agreed s, Signed<Release> release, long now) {
    if (!release.word().deal().equals(s.terms().deal()) || !release.signer().equals(s.lease().signer())) {
      return Decision.reject(notAParty(release.signer(), "the lease's signer " + s.lease().signer()));
    }
    if (now > s.lease().word().submitBy()) {
      return Decision.reject(new Rejection.TooLate("release", s.lease().word().submitBy(), now));
    }
    return end(Cause.RELEASED, new Bridge.Released(release), "given back by its provider", now);
  }

  static Decision<Event> accept(InReview s, Signed<Acceptance> acceptance, long now) {
    var offer = s.terms().offer().word();
    var result = s.result().word();
    var word = acceptance.word();
    if (!acceptance.signer().equals(offer.creator()) && !acceptance.signer().equals(offer.acceptor())) {
      return Decision.reject(notAParty(acceptance.signer(), "the creator " + offer.creator() + " or its acceptor"));
    }
    if (!word.deal().equals(result.deal()) || !word.commitment().equals(result.commitment())
        || !word.cost().equals(result.cost())) {
      return Decision.reject(new Rejection.Malformed("acceptance", word.commitment() + " for " + word.cost(),
          result.commitment() + " for " + result.cost()));
    }
    return end(Cause.COMPLETED, new Bridge.Accepted(s.result(), acceptance), "", now);
  }

  static Decision<Event> review(InReview s, long now) {
    if (s.committedAt() == 0) {
      return now < s.graceEnds()
          ? Decision.proceed()
          : Decision.proceed(new CommitResult(s.terms().deal(), s.result()));
    }
    return now < s.reviewEnds()
        ? Decision.proceed()
        : end(Cause.COMPLETED, new Bridge.Silence(s.result()), "accepted by silence", now);
  }

  static Decision<Event> committed(InReview s, Bridge.Reply answer, long now) {
    if (s.committedAt() != 0) {
      return Decision.alreadyDone();
    }
    return switch (answer) {
      case Receipt r when r.phase() == DealPhase.RESULTS_SUBMITTED -> Decision.persist(new Committed(r.at()));
      case Receipt _ -> end(Cause.COMPLETED, new Bridge.Silence(s.result()), "the ledger has ended it", now);
      case Bridge.Refused(_, var why) -> uncommitted(s, why, now);
    };
  }

  /// A result that was in time here but not on the ledger can never be committed there: both sides are refunded, for
  /// the ledger would next let anybody slash a provider who did its work.
  private static Decision<Event> uncommitted(InReview s, Rejection why, long now) {
    boolean forEver = why.retryAfter().isEmpty() && now > s.lease().word().submitBy();
    return forEver ? end(Cause.INFRASTRUCTURE, new Bridge.Lapsed(now), why.message(), now) : Decision.proceed();
  }

  static Decision<Event> settled(Settling s, Bridge.Reply answer, long now) {
    return switch (answer) {
      case Receipt r when r.phase() == s.phase() -> Decision.proceed(s.verdict(r.paid()));
      case Receipt r when r.phase().terminal() -> Decision.persist(new Overruled(r.phase(), now));
      case Receipt _ -> Decision.proceed();
      case Bridge.Refused(_, var why) -> unreleased(s, why, now);
    };
  }

  /// A release that was good here and that the ledger refuses for ever, as one that it took up too late: next anybody
  /// could have its provider slashed, so both sides are refunded in another way.
  private static Decision<Event> unreleased(Settling s, Rejection why, long now) {
    return why.retryAfter().isEmpty() && s.released()
        ? end(s.cause(), new Bridge.Lapsed(now), s.detail(), now)
        : Decision.proceed();
  }

  /// What an end that the ledger decided means for the job.
  static Cause causeOf(DealPhase phase) {
    return switch (phase) {
      case RESULTS_ACCEPTED, TIMEOUT_JUDGE_RESULTS, MEDIATION_ACCEPTED -> Cause.COMPLETED;
      case CANCELLED -> Cause.CANCELLED;
      case RELEASED -> Cause.RELEASED;
      case LAPSED -> Cause.LAPSED;
      case MEDIATION_REJECTED -> Cause.VERDICT_BAD;
      case TIMEOUT_SUBMIT_RESULTS -> Cause.NO_RESULT;
      case TIMEOUT_AGREE, NO_VERDICT, TIMEOUT_MEDIATE_RESULTS, NEGOTIATING, AGREED, RESULTS_SUBMITTED,
          RESULTS_CHECKED, UNWINDING ->
        Cause.INFRASTRUCTURE;
    };
  }

  static boolean sameAcceptance(Settling s, Signed<Acceptance> acceptance) {
    return s.ending().stream().anyMatch(ending -> ending instanceof Bridge.Accepted(_, var given)
        && given.equals(acceptance));
  }

  static boolean sameResult(Settling s, Signed<Result> result) {
    return s.ending().stream().anyMatch(ending -> switch (ending) {
      case Bridge.Accepted(var given, _) -> given.equals(result);
      case Bridge.Silence(var given) -> given.equals(result);
      default -> false;
    });
  }

  static boolean sameRelease(Settling s, Signed<Release> release) {
    return s.ending().stream().anyMatch(ending -> ending instanceof Bridge.Released(var given)
        && given.equals(release));
  }

  private static Rejection notAParty(Address caller, String expected) {
    return new Rejection.NotAParty(caller.toString(), expected);
  }
}
