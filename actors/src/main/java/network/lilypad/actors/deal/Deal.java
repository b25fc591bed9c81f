package network.lilypad.actors.deal;

import com.google.protobuf.ByteString;
import java.util.List;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The words of a deal: one attempt of one job on one machine. Owns the saga from proposal to payment.
public interface Deal {
  /// The sharded deals, by [DealId]. The name is in every journal.
  EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "Deal");

  /// What a deal can be told.
  sealed interface Command {}

  /// What can change a deal.
  sealed interface Change extends Command {}

  /// The market found a machine for the job's attempt. The first proposal wins.
  record Propose(Terms terms, ActorRef<Answer> replyTo) implements Change {}

  /// What is agreed on when a deal opens.
  ///
  /// @param offer the job's offer
  /// @param job its id
  /// @param attempt 1 to 255
  /// @param machine whose slice it is to be
  /// @param resourceOffer digest of the machine's offer that was matched
  /// @param price what the lease will say, at most the offer's maxPrice
  record Terms(Signed<JobOffer> offer, JobId job, int attempt, MachineId machine, Bytes32 resourceOffer, Lp price) {
    /// The deal's id.
    public DealId deal() {
      return job.deal(attempt);
    }
  }

  /// What the market hears of its proposal.
  ///
  /// @param job whose attempt it is
  /// @param attempt which
  /// @param phase the deal's state
  /// @param refused empty when it was taken, one reason when not
  record Answer(JobId job, int attempt, DealPhase phase, List<Rejection> refused) {}

  /// The job grants the claim.
  record Claimed() implements Change {}

  /// The job refuses the claim.
  record ClaimRefused(Rejection why) implements Change {}

  /// The machine reserved a slice and its agent signed the lease.
  record LeaseGranted(Signed<Lease> lease) implements Change {}

  /// The machine or its agent refuses.
  record LeaseRefused(Rejection why) implements Change {}

  /// The bridge answered an opening.
  record OpenAnswered(Signed<Lease> lease, Bridge.Reply answer) implements Change {}

  /// The bridge answered whether an opening can still be.
  record AnnulAnswered(Bridge.Reply answer) implements Change {}

  /// The bridge answered a result's commitment.
  record SubmitAnswered(Bridge.Reply answer) implements Change {}

  /// The bridge answered an ending.
  record EndAnswered(Bridge.Reply answer) implements Change {}

  /// The agent has taken the run.
  record RunAcknowledged() implements Change {}

  /// The machine's slice is free.
  record SliceFreed() implements Change {}

  /// The job knows how the attempt ended.
  record JobTold() implements Change {}

  /// The agent's result, its outputs stored and hashing to the commitment; answered with [Done] or [Refused].
  record SubmitResult(Signed<Result> result, ActorRef<Reply> replyTo) implements Change {}

  /// The creator or acceptor accepts the result.
  record Accept(Signed<Acceptance> acceptance, ActorRef<Reply> replyTo) implements Change {}

  /// The provider gives the deal back.
  record GiveBack(Signed<Release> release, ActorRef<Reply> replyTo) implements Change {}

  /// The job takes no further attempt; with the creator's word a running deal stops too.
  ///
  /// @param cancel the creator's word, or empty when the offer only ran out
  record Stop(JobId job, int attempt, List<Signed<Cancel>> cancel) implements Change {}

  /// The machine's agent has been silent for the lease's ttl.
  record ProviderSilent(long epoch) implements Change {}

  /// Look at the clock.
  record Tick() implements Change {}

  /// The machine's agent came back without the run that its lease is for.
  record RunForgotten(long epoch) implements Change {}

  /// Nobody has said anything for a while. Said by the entity to itself.
  record Rest() implements Command {}

  /// Asks for the deal as it is.
  record Get(ActorRef<View> replyTo) implements Command {}

  /// Asks to be told the view now and after every change, and the run's log from a byte offset on.
  record Watch(ActorRef<Update> subscriber, long stdoutFrom, long stderrFrom) implements Command {}

  /// A subscriber has stopped.
  record Unwatch(ActorRef<Update> subscriber) implements Command {}

  /// The agent's run says something; not journaled.
  record Progress(long epoch, Update update) implements Command {}

  /// What a watcher hears.
  sealed interface Update {}

  /// The deal changed.
  record Changed(View view) implements Update {}

  /// The run began, at ledger time.
  record Started(DealId deal, long at) implements Update {}

  /// A piece of the run's output.
  ///
  /// @param deal which
  /// @param stderr whether of standard error
  /// @param offset of the piece's first byte
  /// @param bytes at most 64 KiB
  record Log(DealId deal, boolean stderr, long offset, ByteString bytes) implements Update {}

  /// What the machine says of the run, unsigned and for people; not journaled.
  ///
  /// @param report the bytes of a `RunReport`, at most [#MAX_REPORT_BYTES]
  record Reported(DealId deal, ByteString report) implements Update {
    /// Twice what the longest texts of a report take.
    public static final int MAX_REPORT_BYTES = 16 << 10;
  }

  /// What can have happened to a deal.
  sealed interface Event {}

  /// A proposal was taken.
  record Proposed(Terms terms, long at) implements Event {}

  /// It wants to stop while an opening may be under way.
  record Stopping(Cause cause, List<Signed<Cancel>> cancel, String detail, long at) implements Event {}

  /// Both sides' money is locked.
  record Opened(Signed<Lease> lease, long at) implements Event {}

  /// A result is stored and signed.
  record Submitted(Signed<Result> result, long at) implements Event {}

  /// The result is on the ledger; the review window runs from `at`.
  record Committed(long at) implements Event {}

  /// The end is decided, with the evidence the ledger will ask for.
  ///
  /// @param ending empty if the deal was never opened: no money moves
  record Ended(Cause cause, List<Bridge.Ending> ending, String detail, long at) implements Event {}

  /// The ledger holds another end than the one decided.
  record Overruled(DealPhase phase, long at) implements Event {}

  /// What a deal answers to a gateway.
  sealed interface Reply {}

  /// Obeyed, durably.
  record Done(View view) implements Reply {}

  /// Refused, without trace.
  record Refused(Rejection why) implements Reply {}

  /// A deal as its parties may see it.
  ///
  /// @param deal id
  /// @param phase its state
  /// @param terms empty while unproposed
  /// @param lease empty before the opening
  /// @param result empty before the submission
  /// @param times what happened when: ledger seconds, in order
  /// @param detail why it stopped, empty if it did not
  /// @param receipts the ledger's last word, empty before; kept in memory only
  record View(DealId deal, DealPhase phase, List<Terms> terms, List<Signed<Lease>> lease, List<Signed<Result>> result,
      List<Stage> times, String detail, List<Bridge.Receipt> receipts) {}

  /// A stage and when it was reached.
  record Stage(DealPhase phase, long at) {}
}
