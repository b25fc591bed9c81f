package network.lilypad.node.up;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import network.lilypad.actors.market.MarketTerms;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.actors.market.MatchmakerEntity;
import network.lilypad.chain.Settlement;
import network.lilypad.chain.local.LocalLedger;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.node.files.IpfsGateway;
import network.lilypad.node.gateway.Gateway;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.node.read.EarningList;
import network.lilypad.node.read.JobList;
import network.lilypad.node.read.LogMarks;
import network.lilypad.node.read.MachineSpeeds;
import network.lilypad.node.read.RunReports;
import network.lilypad.node.read.OpenOfferTable;
import network.lilypad.node.read.ReadSide;
import network.lilypad.node.session.AgentsService;
import network.lilypad.node.store.ContentStore;
import network.lilypad.node.store.Database;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.sign.Wallet;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.LoggerFactory;

/// One node with every role: database, embedded ledger, a cluster of one with the market's entities, read side and
/// gateway. Started when it is made, stopped in the opposite order when it is closed. Prints nothing.
public final class Node implements AutoCloseable {
  /// Of the database's connections, what journal and queries may use; the ledger and content need the rest.
  private static final int JOURNAL_CONNECTIONS = 16;
  private static final int MINIMUM_REPUTATION = 0;
  /// A machine that stands still for half a minute is slow, not broken; who stops a service waits ninety seconds.
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final NodeConfig config;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();

  private Node(NodeConfig config) {
    this.config = config;
  }

  /// Starts a node. Blocks until its gateway listens.
  ///
  /// @param listening told once, when it does
  /// @throws NodeUnavailableException if it cannot start; whatever had started is stopped again
  public static Node start(NodeConfig config, Consumer<NodeFacts> listening) {
    // Threads that log while logging begins are complained of.
    var _ = LoggerFactory.getILoggerFactory();
    var node = new Node(config);
    try {
      listening.accept(node.open());
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e instanceof NodeUnavailableException ? e : new NodeUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  private NodeFacts open() {
    var database = opened(Database.open(config.dataDir()));
    var solver = SolverKey.open(config.solverKeyFile(), random);
    var ledger = LocalLedger.open(database.connections(), InstantSource.system(), random);
    var clock = new LedgerClock(InstantSource.system(), ledger.ledgerTime());
    var threads = opened(Executors.newVirtualThreadPerTaskExecutor());
    var system = join(database);
    var ports = market(new Base(database, ledger, solver, clock, threads), system);
    var gateway = opened(Gateway.open(ports, threads, new AgentsService(ports, threads, random)));
    return new NodeFacts(gateway.address(), !config.gateway().tls().isEmpty(), ledger.domain(), solver.address(),
        config.market().id(), config.dataDir());
  }

  /// What the market stands on.
  private record Base(Database database, Settlement ledger, Wallet solver, LedgerClock clock,
      ExecutorService threads) {}

  private GatewayPorts market(Base base, ActorSystem<Void> system) {
    var connections = base.database.connections();
    var signatures = new Signatures(base.ledger.domain());
    var entities = new Entities(system, base.ledger.domain().chainId());
    var terms = new MarketTerms(config.market().minimumCharge(), MINIMUM_REPUTATION);
    entities.startBridge(base.ledger, base.solver, base.threads);
    entities.startMarket(new MatchmakerEntity.Setting(entities.neighbours(),
        new OpenOfferTable(connections, base.threads, signatures), terms, base.ledger.domain(), base.clock),
        base.clock);
    ReadSide.start(system, connections, base.threads);
    // Jobs that waited through a restart are woken by their matchmaker, and it by us.
    entities.neighbours().matchmaker(config.market().id()).tell(new Matchmaker.Tick());
    var store = store(connections);
    return new GatewayPorts(system, entities.neighbours(), store, new JobList(connections),
        new RunReports(connections), new LogMarks(connections), new MachineSpeeds(connections),
        new EarningList(connections), signatures,
        base.solver.address(), base.clock::seconds, config);
  }

  private ContentStore store(DataSource database) {
    var files = opened(Storage.open(config, System.getenv()));
    BlockSource origin = _ -> Optional.empty();
    if (config.files().inputsGateway().isPresent()) {
      origin = opened(new IpfsGateway(config.files().inputsGateway().get()));
    }
    var limits = config.limits();
    var store = ContentStore.open(database, files,
        new ContentStore.Setting(Storage.spool(config).resolve("unfinished"),
            new TreeLimits(limits.contentBytes(), limits.treeEntries()), limits.storeBytes(),
            config.files().retention(), origin),
        InstantSource.system());
    opened(Storage.sweep(store.sweeper(random), config.files().sweepEvery()));
    return store;
  }

  /// Starts the actor system and forms a cluster of one.
  private ActorSystem<Void> join(Database database) {
    var setup = ActorSystemSetup.create(BootstrapSetup.create(pekko()),
        new DatabaseSetup(database.connections(), JOURNAL_CONNECTIONS));
    var system = ActorSystem.<Void>create(Behaviors.empty(), "lilypad", setup);
    opened(() -> stop(system));
    var up = new CompletableFuture<Boolean>();
    Cluster.get(system.classicSystem()).registerOnMemberUp(() -> up.complete(true));
    var cluster = org.apache.pekko.cluster.typed.Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await(up, JOIN_TIMEOUT, "the cluster of one did not form");
    return system;
  }

  private static Config pekko() {
    return ConfigFactory.systemProperties().withOnlyPath("pekko")
        .withFallback(ConfigFactory.parseResources(Node.class.getClassLoader(), "lilypad-pekko.conf"))
        .withFallback(ConfigFactory.defaultReference()).resolve();
  }

  private static void stop(ActorSystem<?> system) {
    system.terminate();
    await(system.getWhenTerminated().toCompletableFuture(), STOP_TIMEOUT, "the actor system did not stop");
  }

  private static void await(CompletableFuture<?> future, Duration timeout, String otherwise) {
    try {
      future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new NodeUnavailableException(otherwise, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeUnavailableException(otherwise, e);
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /// Stops: first the gateway, last the database. A part that fails to stop does not keep the others from it.
  ///
  /// @throws NodeUnavailableException the first failure, the others with it
  @Override public void close() {
    var failures = new ArrayDeque<Exception>();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      var failed = new NodeUnavailableException("the node did not stop cleanly", failures.pop());
      failures.forEach(failed::addSuppressed);
      throw failed;
    }
  }
}
