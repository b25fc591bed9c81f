package network.lilypad.actors.deal;

import java.util.List;
import java.util.OptionalLong;
import network.lilypad.actors.deal.Deal.Accept;
import network.lilypad.actors.deal.Deal.AnnulAnswered;
import network.lilypad.actors.deal.Deal.Change;
import network.lilypad.actors.deal.Deal.ClaimRefused;
import network.lilypad.actors.deal.Deal.Claimed;
import network.lilypad.actors.deal.Deal.Committed;
import network.lilypad.actors.deal.Deal.EndAnswered;
import network.lilypad.actors.deal.Deal.Ended;
import network.lilypad.actors.deal.Deal.Event;
import network.lilypad.actors.deal.Deal.GiveBack;
import network.lilypad.actors.deal.Deal.JobTold;
import network.lilypad.actors.deal.Deal.LeaseGranted;
import network.lilypad.actors.deal.Deal.LeaseRefused;
import network.lilypad.actors.deal.Deal.OpenAnswered;
import network.lilypad.actors.deal.Deal.Opened;
import network.lilypad.actors.deal.Deal.Overruled;
import network.lilypad.actors.deal.Deal.Propose;
import network.lilypad.actors.deal.Deal.ProviderSilent;
import network.lilypad.actors.deal.Deal.RunAcknowledged;
import network.lilypad.actors.deal.Deal.RunForgotten;
import network.lilypad.actors.deal.Deal.SliceFreed;
import network.lilypad.actors.deal.Deal.Stop;
import network.lilypad.actors.deal.Deal.Stopping;
import network.lilypad.actors.deal.Deal.SubmitAnswered;
import network.lilypad.actors.deal.Deal.SubmitResult;
import network.lilypad.actors.deal.Deal.Submitted;
import network.lilypad.actors.deal.Deal.Terms;
import network.lilypad.actors.deal.Deal.Tick;
import network.lilypad.actors.deal.DealEffect.AnnulOnLedger;
import network.lilypad.actors.deal.DealEffect.AnswerStop;
import network.lilypad.actors.deal.DealEffect.ClaimJob;
import network.lilypad.actors.deal.DealEffect.EndOnLedger;
import network.lilypad.actors.deal.DealEffect.FreeSlice;
import network.lilypad.actors.deal.DealEffect.TellJob;
import network.lilypad.actors.job.Job;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.entity.EntityState;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// The life of a deal, phase by phase: pure, one record per phase, one `switch` for what can happen.
///
/// Three chains run from state alone, so that a crash only repeats them: in Proposed claim → reserve → open; in
/// Unwinding annul; in Settling end on the ledger → tell the job. Their middle steps follow from answers and leave no
/// event. Once an opening may be under way, the only way back is Unwinding: it waits for the ledger's final word.
public sealed interface DealState extends EntityState<DealState, Change, Event> {
  /// A deal that is neither opened nor refused by then is unwound; above the agent's time to sign and one inclusion.
  int NEGOTIATION_SECONDS = 90;
  /// How long an acceptance may take before the result goes to the ledger by itself.
  int ACCEPT_GRACE_SECONDS = 30;
  /// The result goes to the ledger at the latest this long before the lease's submitBy.
  int SUBMIT_MARGIN_SECONDS = 10;

  /// Nobody has proposed it.
  record Unproposed(DealId deal) implements DealState {}

  /// A machine is proposed; claim, reservation, lease and opening are under way.
  record Proposed(Terms terms, long at) implements DealState {}

  /// It is to stop although an opening may be under way.
  record Unwinding(Terms terms, Cause cause, List<Signed<Cancel>> cancel, String detail,
      long at) implements DealState {}

  /// Both sides' money is locked; the machine runs it.
  record Agreed(Terms terms, Signed<Lease> lease, long openedAt) implements DealState {}

  /// The result is stored; the creator may accept it or stay silent.
  ///
  /// @param committedAt when the ledger took the result, 0 while it has not
  record InReview(Terms terms, Signed<Lease> lease, long openedAt, Signed<Result> result, long submittedAt,
      long committedAt) implements DealState {
    /// When the result goes to the ledger by itself.
    long graceEnds() {
      return Math.min(submittedAt + ACCEPT_GRACE_SECONDS, lease.word().submitBy() - SUBMIT_MARGIN_SECONDS);
    }

    FreeSlice freeSlice() {
      return new FreeSlice(terms.machine(), terms.deal(), false);
    }

    /// When silence has become acceptance.
    long reviewEnds() {
      return committedAt + terms.offer().word().reviewSeconds();
    }
  }

  /// The end is decided; money, job and machine are told until they have answered.
  ///
  /// @param phase the end, or the ledger's other truth
  /// @param ending empty if the deal was never opened
  /// @param kill whether something may still run on the machine
  record Settling(Terms terms, DealPhase phase, Cause cause, List<Bridge.Ending> ending, boolean kill, String detail,
      long at) implements DealState {
    /// What the job hears once the money has moved.
    TellJob verdict(Lp paid) {
      var provider = terms.machine().provider();
      return new TellJob(terms.job(), terms.attempt(), new Job.Ending(provider, phase, cause, paid));
    }

    FreeSlice freeSlice() {
      return new FreeSlice(terms.machine(), terms.deal(), kill);
    }

    /// Whether its provider gives it back.
    boolean released() {
      return ending.stream().anyMatch(Bridge.Released.class::isInstance);
    }

    /// The effect that is settled when the job has been told.
    Effect lastStep() {
      return ending.isEmpty() ? verdict(Lp.ZERO) : new EndOnLedger(terms.deal(), ending.getFirst());
    }
  }

  @Override default Decision<Event> decide(Change command, long now) {
    return switch (new Given(this, command)) {
      case Given(Unproposed _, Propose(var terms, _)) -> Decision.persist(new Deal.Proposed(terms, now));
      case Given(Unproposed _, Stop(var job, var attempt, _)) -> Decision.proceed(new AnswerStop(job, attempt, true));

      case Given(Proposed s, Claimed _) -> Decision.proceed(DealRules.reserve(s.terms));
      case Given(Proposed _, ClaimRefused(var why)) -> DealRules.stop(Cause.EXPIRED, List.of(), why.message(), now);
      case Given(Proposed s, LeaseGranted(var lease)) -> DealRules.open(s, lease, now);
      case Given(Proposed _, LeaseRefused(var why)) ->
        DealRules.stop(DealRules.refusal(why), List.of(), why.message(), now);
      case Given(Proposed s, OpenAnswered(var lease, var answer)) -> DealRules.opened(s, lease, answer, now);
      case Given(Proposed s, Stop(_, _, var cancel)) -> DealRules.stop(s, cancel, now);
      case Given(Proposed s, Tick _) -> now > s.at + NEGOTIATION_SECONDS
          ? DealRules.stop(Cause.INFRASTRUCTURE, List.of(), "not opened in time", now)
          : Decision.proceed();

      case Given(Unwinding s, AnnulAnswered(var answer)) -> DealRules.annulled(s, answer, now);
      case Given(Unwinding s, Stop _) -> Decision.proceed(DealRules.heard(s.terms));

      case Given(Agreed s, SubmitResult(var result, _)) -> DealRules.submit(s, result, now);
      case Given(Agreed s, GiveBack(var release, _)) -> DealRules.giveBack(s, release, now);
      case Given(Agreed s, Stop(_, _, var cancel)) -> cancel.isEmpty()
          ? Decision.proceed(DealRules.heard(s.terms))
          : DealRules.end(Cause.CANCELLED, new Bridge.Cancelled(cancel.getFirst()), "cancelled by its creator", now);
      case Given(Agreed s, ProviderSilent(var epoch)) -> epoch == s.lease.word().epoch()
          ? DealRules.end(Cause.LAPSED, new Bridge.Lapsed(now), "the machine fell silent", now)
          : Decision.reject(new Rejection.StaleEpoch(epoch, s.lease.word().epoch()));
      case Given(Agreed s, RunForgotten(var epoch)) -> epoch == s.lease.word().epoch()
          ? Decision.proceed(DealRules.run(s))
          : Decision.alreadyDone();
      case Given(Agreed s, Tick _) -> now > s.lease.word().submitBy()
          ? DealRules.end(Cause.NO_RESULT, new Bridge.NoResult(), "no result in time", now)
          : Decision.proceed();

      case Given(InReview s, Accept(var acceptance, _)) -> DealRules.accept(s, acceptance, now);
      case Given(InReview s, SubmitAnswered(var answer)) -> DealRules.committed(s, answer, now);
      case Given(InReview s, Tick _) -> DealRules.review(s, now);
      case Given(InReview s, SubmitResult(var result, _)) when result.equals(s.result) -> Decision.alreadyDone();
      case Given(InReview s, Stop _) -> Decision.proceed(DealRules.heard(s.terms));

      // a request for a slice overtaken by its giving back has taken it again: it is given back again
      case Given(InReview s, LeaseGranted _) -> Decision.proceed(s.freeSlice());
      case Given(InReview s, LeaseRefused _) -> Decision.proceed(s.freeSlice());
      case Given(Settling s, LeaseGranted _) -> Decision.proceed(s.freeSlice());
      case Given(Settling s, LeaseRefused _) -> Decision.proceed(s.freeSlice());

      case Given(Settling s, EndAnswered(var answer)) -> DealRules.settled(s, answer, now);
      case Given(Settling s, Stop _) -> Decision.proceed(DealRules.heard(s.terms));
      case Given(Settling s, Accept(var acceptance, _)) when DealRules.sameAcceptance(s, acceptance) ->
        Decision.alreadyDone();
      case Given(Settling s, SubmitResult(var result, _)) when DealRules.sameResult(s, result) ->
        Decision.alreadyDone();
      case Given(Settling s, GiveBack(var release, _)) when DealRules.sameRelease(s, release) ->
        Decision.alreadyDone();

      // answers that come late or twice, and clocks: nothing is left to do
      case Given(_, Claimed _),Given(_, ClaimRefused _),Given(_, LeaseGranted _),Given(_, LeaseRefused _),Given(_, OpenAnswered _),Given(_, AnnulAnswered _),Given(_, SubmitAnswered _),Given(_, EndAnswered _),Given(_, RunAcknowledged _),Given(_, SliceFreed _),Given(_, JobTold _),Given(_, ProviderSilent _),Given(_, RunForgotten _),Given(_, Tick _) ->
        Decision.alreadyDone();

      case Given(Proposed s, Propose _) -> Decision.reject(new Rejection.AlreadyProposed(s.terms.deal().toString()));
      case Given(_, Propose(var terms, _)) ->
        Decision.reject(new Rejection.AlreadyProposed(terms.deal().toString()));
      case Given(_, SubmitResult _),Given(_, Accept _),Given(_, GiveBack _) ->
        Decision.reject(new Rejection.WrongState("deal", phase().name(), command.getClass().getSimpleName()));
    };
  }

  @Override default DealState apply(Event event) {
    return switch (new Past(this, event)) {
      case Past(Unproposed _, Deal.Proposed(var terms, var at)) -> new Proposed(terms, at);
      case Past(Proposed s, Stopping(var cause, var cancel, var detail, var at)) ->
        new Unwinding(s.terms, cause, cancel, detail, at);
      case Past(Proposed s, Opened(var lease, var at)) -> new Agreed(s.terms, lease, at);
      case Past(Unwinding s, Ended e) -> settling(s.terms, e, true);
      case Past(Agreed s, Submitted(var result, var at)) ->
        new InReview(s.terms, s.lease, s.openedAt, result, at, 0);
      case Past(Agreed s, Ended e) -> settling(s.terms, e, true);
      case Past(InReview s, Committed(var at)) ->
        new InReview(s.terms, s.lease, s.openedAt, s.result, s.submittedAt, at);
      case Past(InReview s, Ended e) -> settling(s.terms, e, false);
      case Past(Settling s, Ended e) when s.released() -> settling(s.terms, e, s.kill);
      case Past(Settling s, Overruled(var phase, var at)) ->
        new Settling(s.terms, phase, DealRules.causeOf(phase), s.ending, s.kill, s.detail, at);
      case Past(var s, var e) -> throw new Defect("corrupt journal: " + e + " in " + s);
    };
  }

  private static Settling settling(Terms terms, Ended e, boolean kill) {
    var phase = e.ending().isEmpty() ? DealPhase.TIMEOUT_AGREE : e.ending().getFirst().phase();
    return new Settling(terms, phase, e.cause(), e.ending(), kill, e.detail(), e.at());
  }

  @Override default List<Effect> outstanding() {
    return switch (this) {
      case Unproposed _ -> List.of();
      case Proposed(var terms, _) ->
        List.of(new ClaimJob(terms.job(), terms.attempt(), terms.machine().provider()));
      case Unwinding s -> List.of(new AnnulOnLedger(s.terms.job(), s.terms.attempt()));
      case Agreed s -> List.of(DealRules.run(s));
      case InReview s -> List.of(s.freeSlice());
      case Settling s -> List.of(s.lastStep(), s.freeSlice());
    };
  }

  @Override default List<Effect> settledBy(Change command) {
    return switch (new Given(this, command)) {
      case Given(Agreed s, RunAcknowledged _) -> s.outstanding();
      case Given(InReview s, SliceFreed _) -> s.outstanding();
      case Given(Settling s, SliceFreed _) -> List.of(s.freeSlice());
      case Given(Settling s, JobTold _) -> List.of(s.lastStep());
      default -> List.of();
    };
  }

  @Override default OptionalLong wakeAt() {
    return switch (this) {
      case Proposed s -> OptionalLong.of(s.at + NEGOTIATION_SECONDS + 1);
      case Agreed s -> OptionalLong.of(s.lease.word().submitBy() + 1);
      case InReview s -> OptionalLong.of(s.committedAt == 0 ? s.graceEnds() : s.reviewEnds());
      case Unproposed _,Unwinding _,Settling _ -> OptionalLong.empty();
    };
  }

  @Override default boolean terminal() {
    return this instanceof Settling;
  }

  /// The terms it was proposed under; empty before.
  default List<Terms> proposed() {
    return switch (this) {
      case Unproposed _ -> List.of();
      case Proposed s -> List.of(s.terms);
      case Unwinding s -> List.of(s.terms);
      case Agreed s -> List.of(s.terms);
      case InReview s -> List.of(s.terms);
      case Settling s -> List.of(s.terms);
    };
  }

  /// The state's number and name.
  default DealPhase phase() {
    return switch (this) {
      case Unproposed _,Proposed _ -> DealPhase.NEGOTIATING;
      case Unwinding _ -> DealPhase.UNWINDING;
      case Agreed _ -> DealPhase.AGREED;
      case InReview _ -> DealPhase.RESULTS_SUBMITTED;
      case Settling s -> s.phase;
    };
  }

  /// A state and a command.
  record Given(DealState state, Change command) {}

  /// A state and an event.
  record Past(DealState state, Event event) {}
}
