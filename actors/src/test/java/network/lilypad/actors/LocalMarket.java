package network.lilypad.actors;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealEntity;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobEntity;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineEntity;
import network.lilypad.actors.market.MarketTerms;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.actors.market.MatchmakerEntity;
import network.lilypad.actors.market.OpenOffers;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/// The market's real entities in one actor system without a cluster, born when they are first spoken to. The bridge is
/// a probe: what the ledger does, a test says. Ledger time stands still, so nothing is repeated or lost for the
/// machine's slowness.
final class LocalMarket implements Neighbours {
  private final ActorTestKit kit;
  private final Domain domain;
  private final InstantSource clock;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final Map<String, ActorRef<?>> born = new ConcurrentHashMap<>();
  final TestProbe<Bridge.Command> bridge;
  final TestProbe<ClusterSharding.ShardCommand> shard;
  final AtomicReference<OpenOffers.Open> readSide = new AtomicReference<>(new OpenOffers.Open(List.of(), List.of()));

  LocalMarket(ActorTestKit kit, Domain domain) {
    this.kit = kit;
    this.domain = domain;
    this.clock = InstantSource.fixed(Instant.now());
    this.bridge = kit.createTestProbe(Bridge.Command.class);
    this.shard = kit.createTestProbe(ClusterSharding.ShardCommand.class);
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  @Override public RecipientRef<Job.Command> job(JobId id) {
    return entity(Job.KEY, id.toString(), context -> JobEntity.create(context, this, clock, random));
  }

  @Override public RecipientRef<Machine.Command> machine(MachineId id) {
    return entity(Machine.KEY, id.toString(), context -> MachineEntity.create(context, this, clock, random));
  }

  @Override public RecipientRef<Deal.Command> deal(DealId id) {
    return entity(Deal.KEY, id.toString(), context -> DealEntity.create(context, this, clock, random));
  }

  @Override public RecipientRef<Matchmaker.Command> matchmaker(Bytes32 market) {
    var setting = new MatchmakerEntity.Setting(this, this::load, new MarketTerms(Lp.ZERO, 0), domain, clock);
    return entity(Matchmaker.KEY, market.toString(), context -> MatchmakerEntity.create(context, setting));
  }

  @Override public RecipientRef<Bridge.Command> bridge() {
    return bridge.ref();
  }

  private CompletionStage<OpenOffers.Open> load(Bytes32 market) {
    return CompletableFuture.completedFuture(readSide.get());
  }

  /// Stops an entity, so that its next word finds it reading its journal: a crash.
  <C> void crash(EntityTypeKey<C> key, String id) {
    var ref = born.get(key.name() + id);
    if (ref != null) {
      // Not under the map's lock: its last deed may be to look a neighbour up.
      kit.stop(ref);
      born.remove(key.name() + id, ref);
    }
  }

  private <C> RecipientRef<C> entity(EntityTypeKey<C> key, String id, Birth<C> birth) {
    @SuppressWarnings("unchecked") // the key names the type of the commands
    var ref = (ActorRef<C>) born.computeIfAbsent(key.name() + id,
        _ -> kit.spawn(birth.of(new EntityContext<>(key, id, shard.ref()))));
    return ref;
  }

  private interface Birth<C> {
    Behavior<C> of(EntityContext<C> context);
  }
}
