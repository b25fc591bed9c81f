package network.lilypad.node.up;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

/// An agent that says what the test says, over a real stream. Waiting for a message it keeps beating.
public final class ScriptedAgent implements StreamObserver<GatewayMessage>, AutoCloseable {
  private final TestNode node;
  private final Wallet wallet;
  private final BlockingQueue<GatewayMessage> heard = new LinkedBlockingQueue<>();
  private final StreamObserver<AgentMessage> out;
  private boolean introduced;
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
    introduced = true;
    say(AgentMessage.newBuilder().setHello(hello));
  }

  public void say(AgentMessage.Builder message) {
    out.onNext(message.build());
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

  /// The next message of a kind, others thrown away, beating the while once it is introduced.
  public GatewayMessage await(GatewayMessage.MessageCase kind) {
    for (int i = 0; i < 200; i++) {
      var message = poll();
      if (message.getMessageCase() == kind) {
        return message;
      }
    }
    throw new AssertionError("no " + kind + " in 20 s");
  }

  /// Whether it is asked to sign a lease within a time, beating the while.
  public boolean isAskedToSign(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < end) {
      if (poll().getMessageCase() == GatewayMessage.MessageCase.SIGN_LEASE) {
        return true;
      }
    }
    return false;
  }

  private GatewayMessage poll() {
    try {
      var message = heard.poll(100, TimeUnit.MILLISECONDS);
      if (message != null) {
        return message;
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (introduced) {
      say(AgentMessage.newBuilder().setBeat(Beat.getDefaultInstance()));
    }
    return GatewayMessage.getDefaultInstance();
  }

  /// The next message within some seconds, without a beat.
  public GatewayMessage listen(int seconds) throws InterruptedException {
    var message = heard.poll(seconds, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing heard in " + seconds + " s");
    }
    return message;
  }

  @Override public void onNext(GatewayMessage message) {
    heard.add(message);
  }

  @Override public void onError(Throwable failure) {}

  @Override public void onCompleted() {}

  /// Hangs up; a second time does nothing.
  @Override public void close() {
    if (!closed) {
      closed = true;
      out.onCompleted();
    }
  }
}
