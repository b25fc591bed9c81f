package network.lilypad.protocol.entity;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/// What an entity is given to live with.
///
/// @param context its actor context
/// @param timers its timers
/// @param shard who lets it leave memory
/// @param clock ledger time as this node knows it
/// @param random jitter, so that entities that failed together do not retry together
public record Home<C>(ActorContext<C> context, TimerScheduler<C> timers,
    ActorRef<ClusterSharding.ShardCommand> shard, InstantSource clock, RandomGenerator random) {}
