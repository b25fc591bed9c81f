package network.lilypad.actors.job;

import java.util.List;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The words of the JobOffer entity: one job, from its offer to its end. The single authority that a job has at most
/// one live deal, because only it moves on to the next attempt and each attempt has exactly one deal.
public interface Job {
  /// The sharded jobs, by [JobId]. The name is in every journal.
  EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "JobOffer");

  /// What a job can be told.
  sealed interface Command {}

  /// What can change a job.
  sealed interface Change extends Command {}

  /// Here is a verified offer whose budget is reserved. The same offer again is obeyed already.
  record Post(Signed<JobOffer> offer, ActorRef<Reply> replyTo) implements Change {}

  /// The creator wants it stopped. Answered when the wish is durable; how it ends, the deal decides.
  record Stop(Signed<Cancel> cancel, ActorRef<Reply> replyTo) implements Change {}

  /// A deal asks to be this attempt's; answered with [Deal.Claimed] or [Deal.ClaimRefused].
  record Claim(int attempt, Address provider, ActorRef<Deal.Command> replyTo) implements Change {}

  /// A deal has ended, on the ledger too where it was opened; answered with [Deal.JobTold].
  record AttemptEnded(int attempt, Ending ending, ActorRef<Deal.Command> replyTo) implements Change {}

  /// A deal that was asked to stop has never been proposed: nothing holds the job any more.
  record NothingToStop(int attempt) implements Change {}

  /// A deal that was asked to stop has heard it; how it ends will be said by [AttemptEnded].
  record StopHeard(int attempt) implements Change {}

  /// The market has this attempt on its book.
  record OnBook(int attempt) implements Change {}

  /// The market has the job on its book no more.
  record OffBook() implements Change {}

  /// The bridge has given the reservation back.
  record Unreserved() implements Change {}

  /// Look at the clock.
  record Tick() implements Change {}

  /// Asks for the job as it is.
  record Get(ActorRef<View> replyTo) implements Command {}

  /// Asks to be told the view now and after every change, until the subscriber stops. At most
  /// `JobEntity.MAX_WATCHERS` at a time, the oldest is dropped.
  record Watch(ActorRef<View> subscriber) implements Command {}

  /// A subscriber has stopped.
  record Unwatch(ActorRef<View> subscriber) implements Command {}

  /// Nobody has said anything for a while. Said by the entity to itself.
  record Rest() implements Command {}

  /// How an attempt ended.
  ///
  /// @param provider whose attempt it was
  /// @param phase the deal's end
  /// @param cause why
  /// @param paid what the provider got, zero if nothing
  record Ending(Address provider, DealPhase phase, Cause cause, Lp paid) {
    /// The end of an attempt that nobody ever took.
    static Ending untaken(Cause cause) {
      return new Ending(Address.ZERO, DealPhase.NEGOTIATING, cause, Lp.ZERO);
    }
  }

  /// What can have happened to a job.
  sealed interface Event {}

  /// It was accepted into the market. Tagged Listed.
  record Posted(Signed<JobOffer> offer, JobId job, long at) implements Event {}

  /// An attempt ended without a result; the next one may open. Tagged Listed.
  record AttemptLost(int attempt, Ending ending, long at) implements Event {}

  /// It takes no further attempt; an attempt under way is told.
  record Closing(Reason reason, long at) implements Event {}

  /// It is over. Tagged Ended.
  record Ended(Outcome outcome, int attempt, Ending ending, long at) implements Event {}

  /// Why a job takes no further attempt.
  sealed interface Reason {}

  /// The creator said so.
  record CreatorStopped(Signed<Cancel> cancel) implements Reason {}

  /// Its offer ran out.
  record RanOut() implements Reason {}

  /// How a job can end. Numbers are for ever: they are journaled.
  enum Outcome {
    /// With a paid result.
    DONE(1),
    /// Without one after its attempts.
    FAILED(2),
    /// By its creator, or for want of the creator's money.
    CANCELLED(3),
    /// Nobody took it in time.
    EXPIRED(4);

    private final int number;

    Outcome(int number) {
      this.number = number;
    }

    /// The number in journals and messages.
    public int number() {
      return number;
    }

    /// @throws IllegalArgumentException if no outcome has the number
    public static Outcome of(int number) {
      for (Outcome outcome : values()) {
        if (outcome.number == number) {
          return outcome;
        }
      }
      throw new IllegalArgumentException("outcome: " + number + " (expected: 1 to 4)");
    }
  }

  /// What a job answers to its gateway.
  sealed interface Reply {}

  /// Obeyed, durably.
  record Done(View view) implements Reply {}

  /// Refused, without trace.
  record Refused(Rejection why) implements Reply {}

  /// A job as others may see it.
  ///
  /// @param job id
  /// @param phase Unposted, Open, Claimed, Closing, Done, Failed, Cancelled or Expired
  /// @param attempt the present or last attempt, 0 before any
  /// @param offers the offer; empty only while unposted
  /// @param history the ended attempts, oldest first
  /// @param postedAt ledger seconds, 0 while unposted
  /// @param endedAt ledger seconds, 0 while not ended
  record View(JobId job, String phase, int attempt, List<Signed<JobOffer>> offers, List<Ending> history, long postedAt,
      long endedAt) {
    /// Whether it is over.
    public boolean ended() {
      return endedAt > 0;
    }

    /// The deal of the present or last attempt.
    public DealId deal() {
      return job.deal(Math.max(1, attempt));
    }
  }
}
