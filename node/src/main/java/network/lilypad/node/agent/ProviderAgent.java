package network.lilypad.node.agent;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import network.lilypad.node.agent.GatewaySession.LostException;
import network.lilypad.node.auth.SessionProof;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.Challenge;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A provider's machine in the market: keeps one session with a gateway open, whatever happens to gateway and line, and
/// does what its leases say.
///
/// Needs nobody after [#start]. One agent to a directory: whoever starts it holds it as a
/// [network.lilypad.node.files.HeldDirectory]. Thread-safe.
public final class ProviderAgent implements AutoCloseable {
  /// agent.proto: a beat every second.
  static final long BEAT_MILLIS = 1000;
  /// An unanswered result is said again that often, in beats.
  private static final int REMIND_BEATS = 5;
  /// What could not be removed is tried again that often, in beats.
  private static final int TIDY_BEATS = 60;

  private static final Logger LOG = LoggerFactory.getLogger(ProviderAgent.class);

  private final AgentConfig config;
  private final JobEngine engine;
  private final MachineIdentity identity;
  private final AgentVoice voice;
  private final StandingOffer offers;
  private final ManagedChannel channel;
  private final Uplink uplink = new Uplink();
  private final LogPump logs = new LogPump(uplink::send);
  private final Standing standing;
  private final AtomicReference<Standing.Told> told;
  private final CompletableFuture<Bytes32> drained = new CompletableFuture<>();
  private final CompletableFuture<Bytes32> stopped = new CompletableFuture<>();
  private final Deals deals;
  private final Speedometer speedometer;
  private final Backoff backoff;
  private final ScheduledExecutorService heart = Executors
      .newSingleThreadScheduledExecutor(Thread.ofVirtual().name("agent-heart").factory());
  private final CompletableFuture<Bytes32> listed = new CompletableFuture<>();
  private final Consumer<AgentNews> news;
  private final Contact contact;
  private final Thread loop;
  private final AtomicBoolean tidying = new AtomicBoolean();
  /// Whether the owner's order to drain has been obeyed and not been taken back.
  private boolean resting;

  private ProviderAgent(AgentConfig config, Wallet wallet, JobEngine engine, LedgerClock clock,
      Consumer<AgentNews> news) throws IOException {
    var random = new SecureRandom();
    this.news = news;
    this.contact = new Contact(news);
    this.config = config;
    this.engine = engine;
    this.identity = MachineIdentity.open(config.directory(), random);
    this.voice = new AgentVoice(wallet, clock);
    this.offers = new StandingOffer(config, wallet, identity);
    this.channel = config.gateway().open();
    var content = new AgentContent(channel, CallSigner.of(wallet, clock));
    var spool = Spool.open(config.directory().resolve("deals"));
    this.standing = new Standing(config, engine, clock::now);
    this.told = new AtomicReference<>(standing.now());
    this.deals = new Deals(config.policy(), standing, new DealRun.Desk(content, engine, spool, uplink, logs, voice),
        random);
    this.speedometer = new Speedometer(config.directory(), () -> SpeedFile.of(config.directory()), clock::now,
        new Speedometer.Manner(Speedometer.QUIET, () -> deals.needed() == 0, standing::measured));
    this.backoff = new Backoff(random);
    this.loop = Thread.ofVirtual().name("provider-agent").unstarted(this::live);
  }

  /// Starts an agent.
  ///
  /// @param wallet the provider's: gets the money and signs
  /// @param engine runs the jobs; not closed with the agent
  /// @param clock ledger time, set right by the gateway
  /// @param news told what the owner should know, on the agent's threads; returns at once
  /// @throws IOException if its directory cannot be used or holds what is none of its own
  public static ProviderAgent start(AgentConfig config, Wallet wallet, JobEngine engine, LedgerClock clock,
      Consumer<AgentNews> news) throws IOException {
    var agent = new ProviderAgent(config, wallet, engine, clock, news);
    agent.speedometer.start();
    agent.loop.start();
    var _ = agent.heart.scheduleAtFixedRate(agent::pulse, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    return agent;
  }

  /// Completes with the machine's id when a gateway has taken it for the first time.
  public CompletionStage<Bytes32> listed() {
    return listed.minimalCompletionStage();
  }

  /// Completes with the machine's id when the owner's order to drain has been obeyed for the first time: the market
  /// knows, and no deal needs this agent any more. A process that is asked to stop is not drained.
  public CompletionStage<Bytes32> drained() {
    return drained.minimalCompletionStage();
  }

  /// Stops taking leases for good, because the process is to end, and waits for the deals that need this agent.
  ///
  /// @param patience how long at most
  /// @return how many deals still need it: the agent's next process goes on with them
  public int drain(Duration patience) throws InterruptedException {
    standing.stop();
    try {
      if (deals.needed() > 0) {
        stopped.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException _) {
      LOG.info("deals that have not ended in time: {}", deals.needed());
    }
    return deals.needed();
  }

  /// Orders the agent of a directory, running now or later, to drain, or takes the order back. A running agent obeys
  /// within a beat.
  ///
  /// @throws IOException if the disk refuses
  public static void order(Path directory, boolean drain) throws IOException {
    Standing.order(directory, drain);
  }

  /// Whether the agent of a directory is ordered to drain.
  public static boolean draining(Path directory) {
    return Standing.ordered(directory);
  }

  /// What the agent of a directory offered last; empty if it never did.
  ///
  /// @throws IOException if the disk refuses
  public static Optional<Resources> offered(Path directory) throws IOException {
    return StandingOffer.last(directory);
  }

  private void live() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        tidy();
        meet();
      } catch (LostException e) {
        LOG.info("session with {} lost: {}", config.gateway(), e.getMessage());
        contact.lost(String.valueOf(e.getMessage()));
      } catch (IOException | RuntimeException e) {
        LOG.warn("session with {} failed, another one follows", config.gateway(), e);
        contact.lost(e.toString());
      } catch (InterruptedException _) {
        return;
      }
      if (!rest()) {
        return;
      }
    }
  }

  private void meet() throws LostException, IOException, InterruptedException {
    try (var session = new GatewaySession(AgentsGrpc.newBlockingV2Stub(channel).withWaitForReady().session())) {
      hold(session);
    }
  }

  /// An engine that comes back may have kept what was running in it, and one that was busy may have refused to end it.
  /// It may take minutes over it: the market waits for nobody.
  private void tidy() {
    if (tidying.compareAndSet(false, true)) {
      Thread.ofVirtual().name("agent-tidy").start(() -> {
        try {
          deals.discardOrphans();
        } catch (RuntimeException e) {
          LOG.warn("what earlier runs have left cannot be removed now, it is tried again", e);
        } finally {
          tidying.set(false);
        }
      });
    }
  }

  private boolean rest() {
    try {
      Thread.sleep(backoff.next());
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  private void hold(GatewaySession session) throws LostException, IOException, InterruptedException {
    long dialled = System.nanoTime();
    var challenge = challenge(session);
    voice.clock().learn(challenge.getInfo().getLedgerTime(), Duration.ofNanos(System.nanoTime() - dialled));
    voice.serve(Market.of(challenge.getInfo()));
    var offer = offers.in(voice.market(), standing.look(), voice.clock().now());
    var now = standing.now();
    session.send(AgentMessage.newBuilder().setHello(hello(challenge, offer, now)).build());
    told.set(now);
    uplink.attach(session);
    try {
      while (voice.clock().now() < offers.renewAt(offer.word()) && !standing.outgrown()) {
        obey(session.receive(), offer);
      }
    } finally {
      uplink.detach();
    }
    LOG.info("the offer is to be renewed{}",
        standing.outgrown() ? ": the machine's engines or GPUs are others now" : "");
  }

  private static Challenge challenge(GatewaySession session) throws LostException, InterruptedException {
    var first = session.receive();
    if (!first.hasChallenge()) {
      throw new LostException("no challenge but " + first.getMessageCase());
    }
    return first.getChallenge();
  }

  private Hello hello(Challenge challenge, Signed<ResourceOffer> offer, Standing.Told now) {
    long number = identity.nextSession();
    var proof = voice.wallet().sign(SessionProof.digest(Bytes32.of(challenge.getChallenge().toByteArray()), number));
    var hello = Hello.newBuilder().setSession(number).setOffer(SignedWire.toProto(offer))
        .addAllEngines(engine.engines().stream().map(Engine::number).toList())
        .addAllRunning(deals.running()).setProof(com.google.protobuf.ByteString.copyFrom(proof.bytes()))
        .setVersion(version()).setInventory(ValuesWire.toProto(now.inventory())).setDraining(now.draining())
        .setLimits(ValuesWire.toProto(now.limits()));
    now.speed().forEach(hello::setSpeed);
    return hello.build();
  }

  private static String version() {
    var version = ProviderAgent.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private void obey(GatewayMessage message, Signed<ResourceOffer> offer) throws LostException, InterruptedException {
    switch (message.getMessageCase()) {
      case RECONCILE -> {
        deals.reconcile(message.getReconcile());
        backoff.reset();
        contact.reached();
        listed.complete(identity.machine());
        LOG.info("machine {} is in the market at {}", identity.machine(), config.gateway());
      }
      case SIGN_LEASE -> deals.signLease(message.getSignLease(), offer);
      case RUN -> deals.run(message.getRun());
      case KILL -> deals.kill(message.getKill());
      case FORGET -> deals.forget(message.getForget());
      case RESULT_ANSWER -> deals.answered(message.getResultAnswer());
      case BEAT_ANSWER -> uplink.beatAnswered().ifPresent(
          onItsWay -> voice.clock().learn(message.getBeatAnswer().getLedgerTime(), onItsWay));
      case CLOSE -> close(message.getClose().getReason(), message.getClose().getRetry());
      case CHALLENGE, MESSAGE_NOT_SET -> LOG.debug("unknown message from the gateway");
    }
  }

  private void close(String reason, boolean retry) throws LostException, InterruptedException {
    if (!retry) {
      var refused = "the gateway will not have this machine: " + reason;
      contact.lost(refused);
      listed.completeExceptionally(new IllegalStateException(refused));
      TimeUnit.MINUTES.sleep(1);
      throw new LostException(refused);
    }
    throw new LostException(reason);
  }

  private int beats;

  /// A timer that was failed once never comes again.
  private void pulse() {
    try {
      beat();
    } catch (RuntimeException e) {
      LOG.warn("a beat failed, the next one follows", e);
    }
  }

  private void beat() {
    uplink.beat();
    tellStanding();
    beats = (beats + 1) % TIDY_BEATS;
    if (beats % REMIND_BEATS == 0) {
      deals.remind();
    }
    if (beats == 0) {
      tidy();
    }
  }

  /// Within a beat the market knows what the machine has lost.
  private void tellStanding() {
    var now = standing.now();
    var before = told.getAndSet(now);
    if (!now.equals(before)) {
      if (!now.inventory().equals(before.inventory()) || now.draining() != before.draining()) {
        LOG.info("the machine now sells {}{}", now.inventory(), now.draining() ? ", and takes no new leases" : "");
      }
      uplink.send(Messages.standing(now));
    } else if (now.draining() && uplink.attached() && listed.isDone() && deals.needed() == 0) {
      drained(standing.ordered());
      if (standing.stopping()) {
        stopped.complete(identity.machine());
      }
    }
    if (!standing.ordered()) {
      drained(false);
    }
  }

  private void drained(boolean ordered) {
    if (ordered == resting) {
      return;
    }
    resting = ordered;
    if (ordered) {
      news.accept(new AgentNews.Drained(identity.machine()));
      drained.complete(identity.machine());
    } else {
      news.accept(new AgentNews.Undrained(identity.machine()));
    }
  }

  /// Leaves the market: ends the session and every run without giving a deal back, so that the next process can go on.
  @Override public void close() {
    loop.interrupt();
    speedometer.close();
    heart.shutdownNow();
    deals.close();
    logs.close();
    channel.shutdownNow();
  }
}
