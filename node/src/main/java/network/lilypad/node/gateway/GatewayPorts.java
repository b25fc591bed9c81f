package network.lilypad.node.gateway;

import java.util.function.LongSupplier;
import network.lilypad.actors.Neighbours;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.node.read.EarningList;
import network.lilypad.node.read.JobList;
import network.lilypad.node.read.LogMarks;
import network.lilypad.node.read.MachineSpeeds;
import network.lilypad.node.read.RunReports;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Address;
import org.apache.pekko.actor.typed.ActorSystem;

/// What a gateway stands on.
///
/// @param system where its watchers and sessions live
/// @param neighbours the market's entities
/// @param store content
/// @param jobs the list of jobs
/// @param reports what machines said of their runs
/// @param marks when their output came
/// @param speeds how fast machines say they are
/// @param earnings what attempts brought their providers
/// @param signatures of the ledger's domain
/// @param solver whose market this is
/// @param ledgerTime seconds of ledger time; never blocks
/// @param config bounds and market
public record GatewayPorts(ActorSystem<?> system, Neighbours neighbours, ContentStore store, JobList jobs,
    RunReports reports, LogMarks marks, MachineSpeeds speeds, EarningList earnings, Signatures signatures,
    Address solver, LongSupplier ledgerTime, NodeConfig config) {}
