package network.lilypad.actors.machine;

import java.util.List;
import network.lilypad.actors.deal.Deal;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.NotInfluenceReceiveTimeout;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The words of the ResourceOffer entity: one machine of one provider, for the machine's life. The signed offer is a
/// version inside it. The single authority on the machine's capacity and its epoch.
public interface Machine {
  /// The sharded machines, by [MachineId]. The name is in every journal.
  EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "ResourceOffer");

  /// What a machine can be told.
  sealed interface Command {}

  /// What can change a machine's journaled state.
  sealed interface Change extends Command {}

  /// An agent's session opens and says what it has and runs. The highest session number wins; the machine answers the
  /// session with [AgentSession.Reconcile] or [AgentSession.Close] and is listed when every kill is acknowledged.
  record Attach(AgentSession.Handle session, Hello hello) implements Command {}

  /// An agent's session opens, or says anew what its machine has and whether its owner drains it. A machine that is
  /// drained keeps its leases and gets no new ones; it is listed again when the same session, or the next, says that it
  /// is not drained any more.
  ///
  /// @param hello what the session opens with, or has now; what it runs counts at the opening only
  /// @param draining whether the owner wants no new work on it
  record Declare(AgentSession.Handle session, Hello hello, boolean draining) implements Command {}

  /// What an agent says when its session opens.
  ///
  /// @param offer the provider's signed offer of this machine
  /// @param digest the offer's EIP-712 digest
  /// @param attributes what the signed offer does not say
  /// @param inventory what the agent found in the machine
  /// @param running leases it runs or holds results of
  record Hello(Signed<ResourceOffer> offer, Bytes32 digest, Attributes attributes, Resources inventory,
      List<Running> running) {}

  /// What the market knows of a machine beyond its signed offer.
  ///
  /// @param engines what it can run
  /// @param allowedModules digests of the only modules it takes; empty: all
  /// @param deniedModules digests of modules it does not take
  /// @param limits what else its owner lets run
  /// @param speed how fast it is; empty: not measured. Nothing is matched by it
  record Attributes(List<Engine> engines, List<Bytes32> allowedModules, List<Bytes32> deniedModules,
      MachineLimits limits, List<MachineSpeed> speed) {
    /// The most modules a policy may name.
    public static final int MAX_MODULES = 1024;

    /// The same with the younger of two measurements: what a machine has not measured anew, it has said before.
    Attributes after(Attributes before) {
      boolean younger = speed.stream().anyMatch(
          here -> before.speed.stream().allMatch(there -> here.measuredAt() > there.measuredAt()));
      return younger ? this : new Attributes(engines, allowedModules, deniedModules, limits, before.speed);
    }
  }

  /// An attempt that holds a slice.
  record Held(JobId job, int attempt) {}

  /// A lease an agent runs.
  record Running(DealId deal, long epoch) {}

  /// The session is alive. A machine that does not know it answers with [AgentSession.Introduce].
  record Beat(AgentSession.Handle session) implements Command {}

  /// The session has ended.
  record Detached(long session) implements Command {}

  /// The agent has stopped a run it was told to kill.
  record Killed(long session, DealId deal) implements Command {}

  /// The agent signed a lease.
  record LeaseSigned(Signed<Lease> lease) implements Command {}

  /// The agent refuses to sign.
  record LeaseDeclined(DealId deal, String reason) implements Command {}

  /// The agent has begun a run, or knew it already.
  record RunTaken(DealId deal) implements Command {}

  /// A deal asks for a slice and a signed lease; answered with [Deal.LeaseGranted] or [Deal.LeaseRefused].
  record Reserve(JobId job, Signed<JobOffer> offer, int attempt, Lp price, ActorRef<Deal.Command> replyTo)
      implements Change {
    /// The deal that asks.
    public DealId deal() {
      return job.deal(attempt);
    }
  }

  /// The deal is open: run it; answered with [Deal.RunAcknowledged] when the agent has taken it.
  record Run(DealId deal, Signed<JobOffer> offer, Signed<Lease> lease, ActorRef<Deal.Command> replyTo) implements Command {}

  /// The deal needs the slice no more; answered with [Deal.SliceFreed] when nothing runs there any more.
  ///
  /// @param kill whether something may still be running there
  record Free(DealId deal, boolean kill, ActorRef<Deal.Command> replyTo) implements Change {}

  /// The attached agent's machine is clean: sell it. Said by the entity to itself.
  record Enlist(Hello hello) implements Change {}

  /// Sell it no more.
  record Delist(Why why) implements Change {}

  /// The market has this revision on its book.
  record OnBook(long revision) implements Change {}

  /// Look at the clock.
  record Tick() implements Change {}

  /// Look whether the agent is there. Said by the entity to itself.
  record Look() implements Command, NotInfluenceReceiveTimeout {}

  /// Nobody has said anything for a while. Said by the entity to itself.
  record Rest() implements Command {}

  /// Asks for the machine as it is.
  record Get(ActorRef<View> replyTo) implements Command {}

  /// What can have happened to a machine.
  sealed interface Event {}

  /// A version of its offer is in the market. Tagged Listed.
  record Listed(Signed<ResourceOffer> offer, Bytes32 digest, Attributes attributes, Resources inventory, long at) implements Event {}

  /// It takes no new work. Tagged Delisted.
  record Delisted(Why why, long at) implements Event {}

  /// A slice is set aside for a deal under a lease's terms.
  record Reserved(DealId deal, Resources slice, Lease lease, long at) implements Event {}

  /// A slice is free again.
  record Freed(DealId deal, long at) implements Event {}

  /// Why a machine takes no new work. Numbers are for ever: they are journaled.
  enum Why {
    /// Its agent is gone.
    AGENT_LOST(1),
    /// Its owner drains it.
    DRAINED(2),
    /// Its offer ran out.
    RAN_OUT(3);

    private final int number;

    Why(int number) {
      this.number = number;
    }

    /// The number in journals and messages.
    public int number() {
      return number;
    }

    /// @throws IllegalArgumentException if no reason has the number
    public static Why of(int number) {
      for (Why why : values()) {
        if (why.number == number) {
          return why;
        }
      }
      throw new IllegalArgumentException("why: " + number + " (expected: 1 to 3)");
    }
  }

  /// A machine as others may see it.
  ///
  /// @param machine id
  /// @param phase Unlisted, Open, Offline or Draining
  /// @param offers the present version; empty before the first
  /// @param free what is not reserved
  /// @param leases deals that hold a slice
  /// @param epoch the counter
  record View(MachineId machine, String phase, List<Signed<ResourceOffer>> offers, Resources free,
      List<DealId> leases, long epoch) {}
}
