package network.lilypad.node.up;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealEntity;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobEntity;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineEntity;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.actors.market.MatchmakerEntity;
import network.lilypad.chain.Backoff;
import network.lilypad.chain.ChainBridge;
import network.lilypad.chain.Settlement;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Wallet;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/// The market's entities, sharded over the cluster. The numbers of shards are for ever.
final class Entities {
  private static final int DEAL_SHARDS = 128;
  private static final int JOB_SHARDS = 128;
  private static final int MACHINE_SHARDS = 64;
  private static final int MATCHMAKER_SHARDS = 16;
  private static final int BRIDGE_SHARDS = 16;
  private static final Duration BRIDGE_RETRY_MIN = Duration.ofMillis(100);
  private static final Duration BRIDGE_RETRY_MAX = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Neighbours neighbours;

  Entities(ActorSystem<?> system, long chainId) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.neighbours = Neighbours.sharded(sharding, chainId);
  }

  Neighbours neighbours() {
    return neighbours;
  }

  /// Starts jobs, machines, deals and matchmakers.
  void startMarket(MatchmakerEntity.Setting market, InstantSource clock) {
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    sharding.init(Entity.of(Job.KEY, entity -> JobEntity.create(entity, neighbours, clock, random))
        .withMessageExtractor(new HashCodeMessageExtractor<>(JOB_SHARDS)));
    sharding.init(Entity.of(Machine.KEY, entity -> MachineEntity.create(entity, neighbours, clock, random))
        .withMessageExtractor(new HashCodeMessageExtractor<>(MACHINE_SHARDS)));
    sharding.init(Entity.of(Deal.KEY, entity -> DealEntity.create(entity, neighbours, clock, random))
        .withMessageExtractor(new HashCodeMessageExtractor<>(DEAL_SHARDS))
        .withSettings(ClusterShardingSettings.create(system).withRememberEntities(true)));
    sharding.init(Entity.of(Matchmaker.KEY, entity -> MatchmakerEntity.create(entity, market))
        .withMessageExtractor(new HashCodeMessageExtractor<>(MATCHMAKER_SHARDS)));
  }

  /// Starts the bridge to the ledger.
  ///
  /// @param blocking where the ledger is asked
  void startBridge(Settlement ledger, Wallet solver, Executor blocking) {
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    var backoff = new Backoff(BRIDGE_RETRY_MIN, BRIDGE_RETRY_MAX, random);
    sharding.init(Entity.of(Bridge.KEY, _ -> ChainBridge.create(ledger, solver, blocking, backoff))
        .withMessageExtractor(new HashCodeMessageExtractor<>(BRIDGE_SHARDS)));
  }
}
