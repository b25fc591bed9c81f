package network.lilypad.protocol.message;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The words of the chain bridge: intents to move money in, receipts out. One bridge per chain, its id the chain id.
///
/// Every intent is keyed by (deal or job, step). Repeating one returns the first receipt and moves nothing, so senders
/// repeat freely until they have an answer. A receipt is durable. Times are seconds of ledger time.
public interface Bridge {
  /// The sharded bridges, by chain id in decimal.
  EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "ChainBridge");

  /// What a bridge can be told.
  sealed interface Command {}

  /// What moves money; answered with a [Receipt] or a [Refused].
  sealed interface Intent extends Command {
    /// Who is told how it ended.
    ActorRef<Reply> replyTo();
  }

  /// Keeps a job's budget (maxPrice + maxFee) out of the creator's free balance while the job waits for a deal.
  /// Refused with INSUFFICIENT_FUNDS when the balance, less other jobs' reservations, does not cover it. Ends by
  /// itself at the offer's validUntil unless a deal of the job is live.
  record Reserve(Signed<JobOffer> offer, JobId job, ActorRef<Reply> replyTo) implements Intent {}

  /// Gives a reservation back. Obeyed also if there is none.
  record Unreserve(JobId job, ActorRef<Reply> replyTo) implements Intent {}

  /// Locks price and collateral and makes the deal Agreed. Refused with a typed reason, finally: a refused deal can
  /// never be opened afterwards.
  record Open(Signed<JobOffer> offer, Signed<Lease> lease, ActorRef<Reply> replyTo) implements Intent {
    /// The deal that opens.
    public DealId deal() {
      return lease.word().deal();
    }
  }

  /// Asks for the final word on an opening that may or may not have been sent: a receipt in phase AGREED if the deal
  /// has opened, in phase TIMEOUT_AGREE if it has not, and then it never will.
  record Annul(JobId job, int attempt, ActorRef<Reply> replyTo) implements Intent {
    /// The deal that must not open any more.
    public DealId deal() {
      return job.deal(attempt);
    }
  }

  /// Commits a result: the review window runs from the receipt's time.
  record Submit(DealId deal, Signed<Result> result, ActorRef<Reply> replyTo) implements Intent {}

  /// Ends a deal and moves its money. The receipt's phase is the truth: an earlier end, or a result that beats a
  /// lapse, answers with the phase the ledger holds.
  record End(DealId deal, Ending ending, ActorRef<Reply> replyTo) implements Intent {}

  /// Adds LP out of nothing to an account; only embedded ledgers and test chains do it. Keyed by `nonce`.
  record Faucet(Address account, Lp amount, long nonce, ActorRef<Reply> replyTo) implements Intent {}

  /// Asks for an account's balance.
  record GetBalance(Address account, ActorRef<Balance> replyTo) implements Command {}

  /// Asks for what the ledger holds of a deal.
  record GetDeal(DealId deal, ActorRef<Reply> replyTo) implements Command {}

  /// How a deal ends, with the evidence that its ledger checks.
  sealed interface Ending {
    /// The end that is asked for.
    default DealPhase phase() {
      return switch (this) {
        case Accepted _ -> DealPhase.RESULTS_ACCEPTED;
        case Silence _ -> DealPhase.TIMEOUT_JUDGE_RESULTS;
        case NoResult _ -> DealPhase.TIMEOUT_SUBMIT_RESULTS;
        case Cancelled _ -> DealPhase.CANCELLED;
        case Released _ -> DealPhase.RELEASED;
        case Lapsed _ -> DealPhase.LAPSED;
      };
    }
  }

  /// The creator or acceptor accepted: the provider gets the result's cost and its collateral back.
  record Accepted(Signed<Result> result, Signed<Acceptance> acceptance) implements Ending {}

  /// The review window ended in silence: paid like an acceptance.
  record Silence(Signed<Result> result) implements Ending {}

  /// No result by the lease's submitBy: the creator is refunded, the provider slashed.
  record NoResult() implements Ending {}

  /// The creator cancelled after opening: the provider gets max(10 %, elapsed/runSeconds) of the price.
  record Cancelled(Signed<Cancel> cancel) implements Ending {}

  /// The provider gave the deal back: both refunded.
  record Released(Signed<Release> release) implements Ending {}

  /// The machine fell silent at ledger time `at`; the bridge signs the Lapse with its solver key: both refunded.
  record Lapsed(long at) implements Ending {}

  /// What a bridge answers to an intent.
  sealed interface Reply {}

  /// What has happened, durably.
  ///
  /// @param key the deal, or the job for reservations, or the account for a faucet
  /// @param phase the state the ledger holds for the deal; NEGOTIATING for reservations and faucets
  /// @param at ledger time of the transaction
  /// @param transaction its id: a transaction hash on a chain, a number on an embedded ledger
  /// @param paid what the provider got beyond its collateral, zero while the deal lives
  /// @param refunded what the creator got back, zero while the deal lives
  record Receipt(String key, DealPhase phase, long at, String transaction, Lp paid, Lp refunded) implements Reply {}

  /// Refused; nothing moved.
  record Refused(String key, Rejection why) implements Reply {}

  /// An account as the ledger holds it.
  ///
  /// @param account whose
  /// @param free can be spent, reserved or withdrawn, reservations already taken off
  /// @param reserved waits for jobs that have no deal yet
  /// @param locked price and collateral in live deals
  record Balance(Address account, Lp free, Lp reserved, Lp locked) {}
}
