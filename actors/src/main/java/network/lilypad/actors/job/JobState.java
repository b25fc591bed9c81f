package network.lilypad.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.job.Job.AttemptEnded;
import network.lilypad.actors.job.Job.AttemptLost;
import network.lilypad.actors.job.Job.Change;
import network.lilypad.actors.job.Job.Claim;
import network.lilypad.actors.job.Job.CreatorStopped;
import network.lilypad.actors.job.Job.Ending;
import network.lilypad.actors.job.Job.Event;
import network.lilypad.actors.job.Job.NothingToStop;
import network.lilypad.actors.job.Job.OffBook;
import network.lilypad.actors.job.Job.OnBook;
import network.lilypad.actors.job.Job.Outcome;
import network.lilypad.actors.job.Job.Post;
import network.lilypad.actors.job.Job.Posted;
import network.lilypad.actors.job.Job.RanOut;
import network.lilypad.actors.job.Job.Reason;
import network.lilypad.actors.job.Job.Stop;
import network.lilypad.actors.job.Job.StopHeard;
import network.lilypad.actors.job.Job.Tick;
import network.lilypad.actors.job.Job.Unreserved;
import network.lilypad.actors.job.JobEffect.ListOnBook;
import network.lilypad.actors.job.JobEffect.StopDeal;
import network.lilypad.actors.job.JobEffect.TakeOffBook;
import network.lilypad.actors.job.JobEffect.Unreserve;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.entity.EntityState;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Signed;

/// The life of a job, phase by phase: pure, one record per phase.
///
/// A claim leaves no event. An attempt has exactly one deal, and that deal takes one proposal, so granting a claim
/// twice grants it to the same deal; and the attempt moves on only when that deal has ended. A job that wants to close
/// asks its attempt's deal first, because only that journal knows whether the claim was used.
public sealed interface JobState extends EntityState<JobState, Change, Event> {
  /// The longest wait before the next attempt: well within the default validity of an offer.
  long MAX_PAUSE_SECONDS = 60;

  /// Nobody has posted it.
  record Unposted(JobId job) implements JobState {}

  /// What stays the same or only grows while a job lives.
  ///
  /// @param attempt the present one, from 1
  /// @param history ended attempts, oldest first
  /// @param listFrom the present attempt is not matched earlier
  record Facts(JobId job, Signed<JobOffer> offer, int attempt, List<Ending> history, long postedAt, long listFrom) {
    /// @throws Defect if the history does not fit the attempt
    public Facts {
      Defect.unless(history.size() <= DealId.MAX_ATTEMPT, "history: " + history.size() + " (expected: at most 255)");
      history = List.copyOf(history);
    }

    Facts lost(Ending ending, long at) {
      return new Facts(job, offer, attempt + 1, with(ending), postedAt, at + pause(ending));
    }

    /// How long the next attempt waits: attempts that came to nothing without anybody's fault double it, so that a
    /// market in trouble does not use up the attempts there are.
    private long pause(Ending ending) {
      long fruitless = with(ending).reversed().stream().takeWhile(e -> !e.cause().counted()).count();
      return fruitless <= 1 ? 0 : Math.min(1L << Math.min(fruitless - 2, 10), MAX_PAUSE_SECONDS);
    }

    List<Ending> with(Ending ending) {
      var longer = new ArrayList<>(history);
      longer.add(ending);
      return longer;
    }

    List<Address> excluded() {
      return history.stream().filter(ending -> ending.cause().excludes()).map(Ending::provider).distinct().toList();
    }

    long counted() {
      return history.stream().filter(ending -> ending.cause().counted()).count();
    }

    boolean postedBy(Post post) {
      return post.offer().word().equals(offer.word());
    }
  }

  /// It is in the market, or a deal of its present attempt is under way.
  record Open(Facts facts) implements JobState {}

  /// It takes no further attempt. It stays on the book, whose expiry wakes it should it crash before its deal has
  /// heard.
  record Closing(Facts facts, Reason reason) implements JobState {
    List<Signed<Cancel>> cancel() {
      return reason instanceof CreatorStopped(var cancel) ? List.of(cancel) : List.of();
    }

    Outcome outcome() {
      return reason instanceof CreatorStopped ? Outcome.CANCELLED : Outcome.EXPIRED;
    }
  }

  /// It is over.
  record Ended(Facts facts, Outcome outcome, long endedAt) implements JobState {}

  @Override default Decision<Event> decide(Change command, long now) {
    return switch (new Given(this, command)) {
      case Given(Unposted s, Post(var offer, _)) -> now <= offer.word().validUntil()
          ? Decision.persist(new Posted(offer, s.job, now))
          : Decision.reject(new Rejection.TooLate("the offer", offer.word().validUntil(), now));

      case Given(Open s, Post post) when s.facts.postedBy(post) -> Decision.alreadyDone();
      case Given(Open s, Claim claim) -> claim(s.facts, claim, now);
      case Given(Open s, Stop(var cancel, _)) -> stop(s.facts, cancel, now);
      case Given(Open s, AttemptEnded(var attempt, var ending, _)) when attempt == s.facts.attempt ->
        Decision.persist(afterAttempt(s.facts, ending, now));
      case Given(Open s, Tick _) -> now > s.facts.offer.word().validUntil()
          ? Decision.persist(new Job.Closing(new RanOut(), now))
          : Decision.proceed();

      case Given(Closing s, Post post) when s.facts.postedBy(post) -> Decision.alreadyDone();
      case Given(Closing s, Stop(var cancel, _)) -> stopAgain(s, cancel, now);
      case Given(Closing s, NothingToStop(var attempt)) when attempt == s.facts.attempt -> Decision.persist(
          new Job.Ended(s.outcome(), attempt, Ending.untaken(Cause.EXPIRED), now));
      case Given(Closing s, AttemptEnded(var attempt, var ending, _)) when attempt == s.facts.attempt ->
        Decision.persist(new Job.Ended(closedBy(s, ending), attempt, ending, now));

      case Given(Ended s, Post post) when s.facts.postedBy(post) ->
        Decision.reject(new Rejection.JobEnded(s.facts.job.toString(), s.outcome.name()));
      case Given(Ended s, Stop(var cancel, _)) -> s.outcome == Outcome.CANCELLED && mayStop(s.facts, cancel)
          ? Decision.alreadyDone()
          : Decision.reject(new Rejection.JobEnded(s.facts.job.toString(), s.outcome.name()));
      case Given(Ended s, Claim _) ->
        Decision.reject(new Rejection.JobEnded(s.facts.job.toString(), s.outcome.name()));

      // endings of attempts that are past, answers that come late or twice, and clocks
      case Given(Open s, AttemptEnded e) when e.attempt() < s.facts.attempt -> Decision.alreadyDone();
      case Given(Closing s, AttemptEnded e) when e.attempt() < s.facts.attempt -> Decision.alreadyDone();
      case Given(Ended s, AttemptEnded e) when e.attempt() <= s.facts.attempt -> Decision.alreadyDone();
      case Given(_, NothingToStop _),Given(_, StopHeard _),Given(_, OnBook _),Given(_, OffBook _),Given(_, Unreserved _),Given(_, Tick _) ->
        Decision.alreadyDone();

      case Given(_, Post _),Given(_, Stop _),Given(_, Claim _),Given(_, AttemptEnded _) ->
        Decision.reject(new Rejection.WrongState("job", phase(), command.getClass().getSimpleName()));
    };
  }

  private static Decision<Event> claim(Facts facts, Claim claim, long now) {
    if (claim.attempt() != facts.attempt) {
      return Decision.reject(new Rejection.WrongState("job", "attempt " + facts.attempt, "claim " + claim.attempt()));
    }
    if (facts.excluded().contains(claim.provider())) {
      return Decision.reject(new Rejection.Mismatch("excluded", claim.provider() + " failed an earlier attempt"));
    }
    return now <= facts.offer.word().validUntil()
        ? Decision.alreadyDone()
        : Decision.reject(new Rejection.TooLate("the offer", facts.offer.word().validUntil(), now));
  }

  private static boolean mayStop(Facts facts, Signed<Cancel> cancel) {
    return cancel.word().job().equals(facts.job) && cancel.signer().equals(facts.offer.word().creator());
  }

  private static Decision<Event> stop(Facts facts, Signed<Cancel> cancel, long now) {
    return mayStop(facts, cancel)
        ? Decision.persist(new Job.Closing(new CreatorStopped(cancel), now))
        : Decision.reject(
            new Rejection.NotAParty(cancel.signer().toString(), "the creator " + facts.offer.word().creator()));
  }

  /// A job whose offer has run out while its deal runs can still be cancelled: the creator's word replaces the clock's.
  private static Decision<Event> stopAgain(Closing s, Signed<Cancel> cancel, long now) {
    return s.reason instanceof CreatorStopped && mayStop(s.facts, cancel)
        ? Decision.alreadyDone()
        : stop(s.facts, cancel, now);
  }

  private static Event afterAttempt(Facts facts, Ending ending, long now) {
    return switch (ending.cause().next()) {
      case END_DONE -> new Job.Ended(Outcome.DONE, facts.attempt, ending, now);
      case END_CANCELLED -> new Job.Ended(Outcome.CANCELLED, facts.attempt, ending, now);
      case RETRY -> {
        long counted = facts.counted() + (ending.cause().counted() ? 1 : 0);
        boolean usedUp = counted >= facts.offer.word().maxAttempts() || facts.attempt == DealId.MAX_ATTEMPT;
        boolean ranOut = now > facts.offer.word().validUntil();
        yield usedUp || ranOut
            ? new Job.Ended(usedUp ? Outcome.FAILED : Outcome.EXPIRED, facts.attempt, ending, now)
            : new AttemptLost(facts.attempt, ending, now);
      }
    };
  }

  private static Outcome closedBy(Closing s, Ending ending) {
    return ending.cause().next() == Cause.Next.END_DONE ? Outcome.DONE
        : ending.cause().next() == Cause.Next.END_CANCELLED ? Outcome.CANCELLED : s.outcome();
  }

  @Override default JobState apply(Event event) {
    return switch (new Past(this, event)) {
      case Past(Unposted _, Posted(var offer, var job, var at)) ->
        new Open(new Facts(job, offer, 1, List.of(), at, at));
      case Past(Open s, AttemptLost(_, var ending, var at)) -> new Open(s.facts.lost(ending, at));
      case Past(Open s, Job.Closing(var reason, _)) -> new Closing(s.facts, reason);
      case Past(Open s, Job.Ended e) -> ended(s.facts, e);
      case Past(Closing s, Job.Closing(var reason, _)) -> new Closing(s.facts, reason);
      case Past(Closing s, Job.Ended e) -> ended(s.facts, e);
      case Past(var s, var e) -> throw new Defect("corrupt journal: " + e + " in " + s);
    };
  }

  private static Ended ended(Facts f, Job.Ended e) {
    return new Ended(new Facts(f.job, f.offer, f.attempt, f.with(e.ending()), f.postedAt, f.listFrom), e.outcome(),
        e.at());
  }

  @Override default List<Effect> outstanding() {
    return switch (this) {
      case Unposted _ -> List.of();
      case Open(var f) -> List.of(new ListOnBook(f.job, f.offer, f.attempt, f.excluded(), f.listFrom));
      case Closing s -> List.of(new StopDeal(s.facts.job, s.facts.attempt, s.cancel()));
      case Ended(var f, _, _) -> List.of(new TakeOffBook(f.job, f.offer.word()), new Unreserve(f.job));
    };
  }

  @Override default List<Effect> settledBy(Change command) {
    return switch (command) {
      case OnBook(var attempt) -> owed(ListOnBook.class).stream().filter(e -> e.attempt() == attempt)
          .map(Effect.class::cast).toList();
      case OffBook _ -> List.copyOf(owed(TakeOffBook.class));
      // a word that carries the creator's signature is repeated until the deal has ended: what was heard may have been
      // the clock's, said before
      case StopHeard(var attempt) -> owed(StopDeal.class).stream()
          .filter(e -> e.attempt() == attempt && e.cancel().isEmpty())
          .map(Effect.class::cast).toList();
      case Unreserved _ -> List.copyOf(owed(Unreserve.class));
      default -> List.of();
    };
  }

  private <T extends Effect> List<T> owed(Class<T> kind) {
    return outstanding().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override default OptionalLong wakeAt() {
    return this instanceof Open(var facts)
        ? OptionalLong.of(facts.offer.word().validUntil() + 1)
        : OptionalLong.empty();
  }

  @Override default boolean terminal() {
    return this instanceof Ended;
  }

  /// The phase's name, as people read it.
  default String phase() {
    return switch (this) {
      case Unposted _ -> "Unposted";
      case Open _ -> "Open";
      case Closing _ -> "Closing";
      case Ended s -> switch (s.outcome) {
        case DONE -> "Done";
        case FAILED -> "Failed";
        case CANCELLED -> "Cancelled";
        case EXPIRED -> "Expired";
      };
    };
  }

  /// The job as others may see it.
  default Job.View view() {
    return switch (this) {
      case Unposted(var job) -> new Job.View(job, phase(), 0, List.of(), List.of(), 0, 0);
      case Open(var f) -> view(f, 0);
      case Closing(var f, _) -> view(f, 0);
      case Ended(var f, _, var at) -> view(f, at);
    };
  }

  private Job.View view(Facts f, long endedAt) {
    return new Job.View(f.job, phase(), f.attempt, List.of(f.offer), f.history, f.postedAt, endedAt);
  }

  /// A state and a command.
  record Given(JobState state, Change command) {}

  /// A state and an event.
  record Past(JobState state, Event event) {}
}
