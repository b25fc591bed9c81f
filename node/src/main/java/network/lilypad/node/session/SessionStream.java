package network.lilypad.node.session;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import org.apache.pekko.actor.typed.ActorRef;

/// The gRPC stream of one session: what comes goes to the session's actor, one message at a time, and the next is asked
/// for when the actor has taken it; what goes is written by the actor alone.
final class SessionStream implements StreamObserver<AgentMessage>, Line {
  private final ServerCallStreamObserver<GatewayMessage> out;
  private final Runnable giveBack;
  private final CompletableFuture<ActorRef<AgentConnection.Message>> session = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  /// @param giveBack told once, when the stream has ended
  SessionStream(ServerCallStreamObserver<GatewayMessage> out, Runnable giveBack) {
    this.out = out;
    this.giveBack = giveBack;
    out.disableAutoRequest();
    out.setOnCancelHandler(this::lost);
  }

  void begin(ActorRef<AgentConnection.Message> actor) {
    session.complete(actor);
    out.request(1);
  }

  @Override public void onNext(AgentMessage message) {
    tell(new AgentConnection.Said(message));
  }

  @Override public void onError(Throwable failure) {
    lost();
  }

  @Override public void onCompleted() {
    if (over()) {
      out.onCompleted();
    }
    tell(new AgentConnection.Ended());
  }

  private void lost() {
    over();
    tell(new AgentConnection.Ended());
  }

  private void tell(AgentConnection.Message message) {
    var _ = session.thenAccept(actor -> actor.tell(message));
  }

  /// @return whether it ends now, and has not ended before
  private boolean over() {
    boolean now = ended.compareAndSet(false, true);
    if (now) {
      giveBack.run();
    }
    return now;
  }

  @Override public void send(GatewayMessage message) {
    if (!ended.get()) {
      out.onNext(message);
    }
  }

  @Override public boolean slow() {
    return !out.isReady();
  }

  @Override public void next() {
    if (!ended.get()) {
      out.request(1);
    }
  }

  @Override public void end() {
    if (over()) {
      out.onCompleted();
    }
  }

  /// Takes nothing any more.
  static final class Closed implements StreamObserver<AgentMessage> {
    @Override public void onNext(AgentMessage message) {}

    @Override public void onError(Throwable failure) {}

    @Override public void onCompleted() {}
  }
}
