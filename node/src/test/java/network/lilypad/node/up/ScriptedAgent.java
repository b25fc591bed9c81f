package network.lilypad.node.up;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.auth.SessionProof;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Beat;
import network.lilypad.protocol.proto.v1.Challenge;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.proto.v1.Reconcile;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;

/// An agent that says what the test says, over a real stream. Once introduced it beats by itself, until it is told to
/// fall silent.
public final class ScriptedAgent implements StreamObserver<GatewayMessage>, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BEAT_EVERY = Duration.ofMillis(500);

  private final TestNode node;
  private final Wallet wallet;
  private final BlockingQueue<GatewayMessage> heard = new LinkedBlockingQueue<>();
  private final StreamObserver<AgentMessage> out;
  private final CountDownLatch silent = new CountDownLatch(1);
  private boolean closed;

  public ScriptedAgent(TestNode node, Wallet wallet) {
    this.node = node;
    this.wallet = wallet;
    this.out = node.agents(wallet).session(this);
  }

  /// Says a whole introduction as it should be.
  public Reconcile introduce(ResourceOffer offer, long session, DealRef... running) {
    say(hello(challenge(), offer, session).addAllRunning(List.of(running)).build());
    return await(GatewayMessage.MessageCase.RECONCILE).getReconcile();
  }

  /// Says a whole introduction of an owner with limits.
  public Reconcile introduce(ResourceOffer offer, long session, MachineLimits limits) {
    say(hello(challenge(), offer, session).setLimits(ValuesWire.toProto(limits)).build());
    return await(GatewayMessage.MessageCase.RECONCILE).getReconcile();
  }

  public Challenge challenge() {
    return await(GatewayMessage.MessageCase.CHALLENGE).getChallenge();
  }

  public Hello.Builder hello(Challenge challenge, ResourceOffer offer, long session) {
    var proof = wallet.sign(SessionProof.digest(Bytes32.of(challenge.getChallenge().toByteArray()), session));
    return Hello.newBuilder().setSession(session).setOffer(SignedWire.toProto(node.sign(wallet, offer)))
        .addEngines(Engine.WASM.number()).setInventory(ValuesWire.toProto(offer.capacity()))
        .setProof(ByteString.copyFrom(proof.bytes())).setVersion("test");
  }

  public void say(Hello hello) {
    say(AgentMessage.newBuilder().setHello(hello));
    Thread.ofPlatform().daemon().start(this::beat);
  }

  private void beat() {
    try {
      while (!silent.await(BEAT_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        say(AgentMessage.newBuilder().setBeat(Beat.getDefaultInstance()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Beats no more.
  public void fallSilent() {
    silent.countDown();
  }

  public synchronized void say(AgentMessage.Builder message) {
    if (!closed) {
      out.onNext(message.build());
    }
  }

  public network.lilypad.protocol.proto.v1.Signed signed(Signable word) {
    return SignedWire.toProto(node.sign(wallet, word));
  }

  /// Signs the next lease it is asked for.
  public SignLease signLease() {
    var asked = await(GatewayMessage.MessageCase.SIGN_LEASE).getSignLease();
    say(AgentMessage.newBuilder().setLeaseSigned(signed(ValuesWire.lease(asked.getLease()))));
    return asked;
  }

  /// Takes the next run.
  public Run takeRun() {
    var run = await(GatewayMessage.MessageCase.RUN).getRun();
    say(AgentMessage.newBuilder().setRunTaken(ref(run)));
    return run;
  }

  public static DealRef ref(Run run) {
    var lease = ValuesWire.lease(run.getLease().getLease());
    return DealRef.newBuilder().setDeal(ApiWire.bytes(lease.deal().digest())).setEpoch(lease.epoch()).build();
  }

  public ResultAnswer resultAnswer() {
    return await(GatewayMessage.MessageCase.RESULT_ANSWER).getResultAnswer();
  }

  /// The next message of a kind, others thrown away.
  public GatewayMessage await(GatewayMessage.MessageCase kind) {
    return await(kind, PATIENCE).orElseThrow(() -> new AssertionError("no " + kind + " in " + PATIENCE));
  }

  /// Whether it is asked to sign a lease within a time.
  public boolean isAskedToSign(Duration within) {
    return await(GatewayMessage.MessageCase.SIGN_LEASE, within).isPresent();
  }

  private Optional<GatewayMessage> await(GatewayMessage.MessageCase kind, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    try {
      var message = heard.poll(within.toNanos(), TimeUnit.NANOSECONDS);
      while (message != null && message.getMessageCase() != kind) {
        message = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return Optional.ofNullable(message);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override public void onNext(GatewayMessage message) {
    if (!message.hasBeatAnswer()) {
      heard.add(message);
    }
  }

  @Override public void onError(Throwable failure) {}

  @Override public void onCompleted() {}

  /// Hangs up; a second time does nothing.
  @Override public synchronized void close() {
    fallSilent();
    if (!closed) {
      closed = true;
      out.onCompleted();
    }
  }
}
