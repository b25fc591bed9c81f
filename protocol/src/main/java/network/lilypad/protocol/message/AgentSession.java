package network.lilypad.protocol.message;

import java.util.List;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;

/// The words to the gateway's end of one provider agent's session: what the market asks of a machine. Answers come
/// back as commands of the machine's and the deals' entities.
public interface AgentSession {
  /// What a session can be told.
  sealed interface Command {}

  /// Ask the agent to check a job and sign the lease; it answers with the signature or its reason to refuse. Asking
  /// again for the same lease gives the same answer.
  record SignLease(Signed<JobOffer> offer, Lease lease) implements Command {}

  /// Tell the agent that the deal is open: run it. Telling it again changes nothing.
  record Run(DealId deal, Signed<JobOffer> offer, Signed<Lease> lease) implements Command {}

  /// Stop a deal's run and forget it; acknowledged when it has stopped.
  record Kill(DealId deal, long epoch) implements Command {}

  /// The deal's result has been taken or is no longer wanted: drop its spool.
  record Forget(DealId deal) implements Command {}

  /// What to keep and what to kill of all that the agent said it is running.
  record Reconcile(long session, List<DealId> keep, List<DealId> kill) implements Command {}

  /// The machine's entity was restarted and does not know this session: attach again.
  record Introduce() implements Command {}

  /// A younger session of the same machine has taken over, or the machine's offer was refused: close.
  record Close(String reason) implements Command {}

  /// A session by its number: the highest one wins.
  ///
  /// @param number grows with every session of the machine
  /// @param ref the gateway's end
  record Handle(long number, ActorRef<Command> ref) {}
}
