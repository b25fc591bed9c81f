package network.lilypad.actors.market;

import java.util.List;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The words of a matchmaker: the book of one market and who is proposed to whom. It holds no authority: a stale entry
/// costs one refused proposal, because jobs, machines and deals decide for themselves.
public interface Matchmaker {
  /// The sharded matchmakers, by market in hexadecimal.
  EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "Matchmaker");

  /// What a matchmaker can be told.
  sealed interface Command {}

  /// A job's attempt waits for a machine; answered with [Job.OnBook].
  ///
  /// @param notBefore ledger seconds: it is not matched earlier
  record ListJob(JobId job, Signed<JobOffer> offer, int attempt, List<Address> excluded, long notBefore,
      ActorRef<Job.Command> replyTo) implements Command {}

  /// A job waits no more; answered with [Job.OffBook].
  record TakeJob(JobId job, ActorRef<Job.Command> replyTo) implements Command {}

  /// A machine takes work; answered with [Machine.OnBook].
  record ListMachine(Signed<ResourceOffer> offer, Bytes32 digest, Machine.Attributes attributes, Resources free,
      List<Machine.Held> held, long revision, ActorRef<Machine.Command> replyTo) implements Command {}

  /// A machine takes no work; answered with [Machine.OnBook].
  record TakeMachine(MachineId machine, long revision, ActorRef<Machine.Command> replyTo) implements Command {}

  /// Asks why a job has or has no match.
  record Explain(JobId job, Signed<JobOffer> offer, ActorRef<Explained> replyTo) implements Command {}

  /// Why a job has or has no match.
  ///
  /// @param machines on the book
  /// @param matching that match now
  /// @param filters in the order they are applied
  /// @param advice what would match, in sentences
  record Explained(int machines, int matching, List<Fallen> filters, List<String> advice) {}

  /// One filter.
  ///
  /// @param rule its name
  /// @param machines how many fell at it
  /// @param nearest the nearest miss, in a sentence
  record Fallen(String rule, int machines, String nearest) {}

  /// The read side has answered. Said by the matchmaker to itself.
  record Loaded(OpenOffers.Open open) implements Command {}

  /// The read side does not answer. Said by the matchmaker to itself.
  record LoadFailed(String reason) implements Command {}

  /// Read the read side once more. Said by the matchmaker to itself.
  record ReadAgain() implements Command {}

  /// There is more to match. Said by the matchmaker to itself.
  record GoOn() implements Command {}

  /// A deal's answer to a proposal.
  record Answered(Deal.Answer answer) implements Command {}

  /// Look at the clock.
  record Tick() implements Command {}
}
