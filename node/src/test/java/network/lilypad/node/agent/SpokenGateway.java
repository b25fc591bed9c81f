package network.lilypad.node.agent;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.AgentMessage.MessageCase;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.BeatAnswer;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.Challenge;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.Reconcile;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;

/// A gateway that a test speaks for, over a real gRPC server: challenges every agent, answers its beats, stores what it
/// brings, and says and keeps from it the rest as the test does. It sends no block's hash back: what it takes is lost.
final class SpokenGateway extends AgentsGrpc.AgentsImplBase implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Server server;
  private final LongSupplier now;
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  /// What a blob consists of, each transfer's answer in turn; the last one stands.
  final BlockingQueue<ByteString> blobs = new LinkedBlockingQueue<>();
  final AtomicInteger fetched = new AtomicInteger();
  /// Results that were stored.
  final AtomicInteger stored = new AtomicInteger();

  /// @param now ledger seconds
  SpokenGateway(LongSupplier now) throws IOException {
    this.now = now;
    this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(this).build().start();
  }

  GatewayAddress address() {
    return new GatewayAddress("127.0.0.1", server.getPort(), false);
  }

  /// The next session, when its agent has been challenged.
  Session session() throws InterruptedException {
    return present(sessions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "session");
  }

  private static <T> T present(T found, String what) {
    if (found == null) {
      throw new AssertionError("no " + what);
    }
    return found;
  }

  /// One agent's stream.
  final class Session implements StreamObserver<AgentMessage> {
    private final StreamObserver<GatewayMessage> line;
    private final BlockingQueue<AgentMessage> heard = new LinkedBlockingQueue<>();

    private Session(StreamObserver<GatewayMessage> line) {
      this.line = line;
    }

    synchronized void say(GatewayMessage.Builder message) {
      line.onNext(message.build());
    }

    synchronized void cut() {
      line.onError(Status.UNAVAILABLE.withDescription("cut by the test").asRuntimeException());
    }

    void keep(DealRef... deals) {
      say(GatewayMessage.newBuilder().setReconcile(Reconcile.newBuilder().addAllKeep(List.of(deals))));
    }

    /// The next message of a kind; others are passed over.
    AgentMessage hear(MessageCase kind) throws InterruptedException {
      for (var next = next(); true; next = next()) {
        if (next.getMessageCase() == kind) {
          return next;
        }
      }
    }

    /// The next message but beats.
    AgentMessage word() throws InterruptedException {
      for (var next = next(); true; next = next()) {
        if (!next.hasBeat()) {
          return next;
        }
      }
    }

    private AgentMessage next() throws InterruptedException {
      return present(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "message");
    }

    @Override public void onNext(AgentMessage message) {
      if (message.hasBeat()) {
        say(GatewayMessage.newBuilder().setBeatAnswer(BeatAnswer.newBuilder().setLedgerTime(now.getAsLong())));
      }
      heard.add(message);
    }

    @Override public void onError(Throwable failure) {
      // the agent has gone
    }

    @Override public synchronized void onCompleted() {
      line.onCompleted();
    }
  }

  @Override public StreamObserver<AgentMessage> session(StreamObserver<GatewayMessage> line) {
    var session = new Session(line);
    session.say(GatewayMessage.newBuilder().setChallenge(Challenge.newBuilder()
        .setChallenge(ByteString.copyFrom(new byte[32])).setInfo(info())));
    sessions.add(session);
    return session;
  }

  private Info info() {
    return Info.newBuilder().setVersion("spoken").setLedgerTime(now.getAsLong()).setMaxContentBytes(1 << 30)
        .setVerifyingContract(ByteString.copyFrom(Offers.DOMAIN.verifyingContract().bytes()))
        .setSolver(ByteString.copyFrom(Offers.SOLVER.bytes())).setMarket(Messages.bytes(Offers.MARKET)).build();
  }

  @Override public void getBlob(GetBlobRequest request, StreamObserver<BlobChunk> reply) {
    fetched.incrementAndGet();
    var blob = blobs.size() > 1 ? blobs.remove() : blobs.element();
    reply.onNext(BlobChunk.newBuilder().setData(blob.substring((int) request.getOffset())).build());
    reply.onCompleted();
  }

  @Override public StreamObserver<ResultBlock> putResult(StreamObserver<ResultReceipt> reply) {
    return new StreamObserver<>() {
      private ByteString root = ByteString.EMPTY;

      @Override public void onNext(ResultBlock block) {
        root = root.isEmpty() ? block.getRoot() : root;
      }

      @Override public void onError(Throwable failure) {
        // the agent has gone
      }

      @Override public void onCompleted() {
        stored.incrementAndGet();
        reply.onNext(ResultReceipt.newBuilder().setRoot(root).build());
        reply.onCompleted();
      }
    };
  }

  @Override public void close() {
    server.shutdownNow();
  }
}
