package network.lilypad.actors;

import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/// Where the entities of the market find each other.
public interface Neighbours {
  /// A job, by its id.
  RecipientRef<Job.Command> job(JobId id);

  /// A machine, by its id.
  RecipientRef<Machine.Command> machine(MachineId id);

  /// A deal, by its id.
  RecipientRef<Deal.Command> deal(DealId id);

  /// The matchmaker of a market.
  RecipientRef<Matchmaker.Command> matchmaker(Bytes32 market);

  /// The bridge of the chain that this market settles on.
  RecipientRef<Bridge.Command> bridge();

  /// The neighbours in the cluster.
  ///
  /// @param chainId the chain that the market settles on, 0 for an embedded ledger
  static Neighbours sharded(ClusterSharding sharding, long chainId) {
    return new Neighbours() {
      @Override public RecipientRef<Job.Command> job(JobId id) {
        return sharding.entityRefFor(Job.KEY, id.toString());
      }

      @Override public RecipientRef<Machine.Command> machine(MachineId id) {
        return sharding.entityRefFor(Machine.KEY, id.toString());
      }

      @Override public RecipientRef<Deal.Command> deal(DealId id) {
        return sharding.entityRefFor(Deal.KEY, id.toString());
      }

      @Override public RecipientRef<Matchmaker.Command> matchmaker(Bytes32 market) {
        return sharding.entityRefFor(Matchmaker.KEY, market.toString());
      }

      @Override public RecipientRef<Bridge.Command> bridge() {
        return sharding.entityRefFor(Bridge.KEY, Long.toString(chainId));
      }
    };
  }
}
