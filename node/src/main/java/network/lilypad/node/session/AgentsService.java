package network.lilypad.node.session;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.actors.deal.Deal;
import network.lilypad.node.auth.SignedService;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Asking;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.node.gateway.PacedStream;
import network.lilypad.node.gateway.Refused;
import network.lilypad.node.gateway.Wanted;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.GetInputsRequest;
import network.lilypad.protocol.proto.v1.MissingBlocksReply;
import network.lilypad.protocol.proto.v1.MissingResultBlocksRequest;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.wire.JobSpecWire;
import com.google.protobuf.ByteString;
import org.apache.pekko.actor.typed.Props;

/// The gateway's side for provider agents, behind [SignedService] but for the session itself, which proves its agent in
/// its own grammar.
public final class AgentsService extends AgentsGrpc.AgentsImplBase {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long RETRY_MILLIS = 5_000;

  private final GatewayPorts ports;
  private final Executor threads;
  private final SecureRandom random;
  private final DealAccess access;
  private final Semaphore free;
  private final AtomicLong number = new AtomicLong();

  /// @param threads where long answers are written and the store is read; they block
  /// @param random where challenges come from
  public AgentsService(GatewayPorts ports, Executor threads, SecureRandom random) {
    this.ports = ports;
    this.threads = threads;
    this.random = random;
    this.access = new DealAccess(ports, new Asking(ports.system(), ports.config().askTimeout()));
    this.free = new Semaphore(ports.config().limits().agents());
  }

  @Override public StreamObserver<AgentMessage> session(StreamObserver<GatewayMessage> observer) {
    if (!(observer instanceof ServerCallStreamObserver<GatewayMessage> out)) {
      throw new Defect("observer: " + observer.getClass() + " (expected: a server's)");
    }
    var limits = ports.config().limits();
    if (!free.tryAcquire()) {
      out.onError(Refused.because(new Rejection.Overloaded("agents", limits.agents(), RETRY_MILLIS)));
      return new SessionStream.Closed();
    }
    var challenge = new byte[32];
    random.nextBytes(challenge);
    var stream = new SessionStream(out, free::release);
    var setting = new AgentConnection.Setting(ports, threads, Bytes32.of(challenge));
    stream.begin(ports.system().systemActorOf(AgentConnection.create(setting, stream),
        "agent-" + number.incrementAndGet(), Props.empty()));
    return stream;
  }

  @Override public void getBlob(GetBlobRequest request, StreamObserver<BlobChunk> out) {
    var caller = SignedService.caller();
    PacedStream.write(out, threads, stream -> {
      var terms = access.require(caller, new DealId(ApiWire.bytes32("deal", request.getDeal())), "GetBlob");
      var digest = ApiWire.bytes32("digest", request.getDigest());
      Refused.unless(belongs(digest, terms), new Rejection.NotFound("blob", digest.toString()));
      var bytes = ports.store().open(digest).orElseThrow(
          () -> Refused.because(new Rejection.NotFound("blob", digest.toString())));
      send(digest, skipped(bytes, request.getOffset()), stream);
    });
  }

  /// Whether a blob is the deal's spec or its program.
  private boolean belongs(Bytes32 digest, Deal.Terms terms) {
    var module = terms.offer().word().work().module();
    return digest.equals(module) || ports.store().small(module, JobSpecWire.MAX_BYTES)
        .map(spec -> JobSpecWire.decode(ByteString.copyFrom(spec)).image()).filter(digest::equals).isPresent();
  }

  private static InputStream skipped(InputStream bytes, long offset) {
    try {
      bytes.skipNBytes(Math.max(0, offset));
      return bytes;
    } catch (EOFException e) {
      throw Refused
          .because(new Rejection.Malformed("offset", Long.toUnsignedString(offset), "at most the blob's size"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(Bytes32 digest, InputStream bytes, PacedStream<BlobChunk> stream) {
    try (bytes) {
      var chunk = bytes.readNBytes(CHUNK_BYTES);
      stream
          .send(BlobChunk.newBuilder().setDigest(ApiWire.bytes(digest)).setData(UnsafeByteOperations.unsafeWrap(chunk))
              .build());
      while (chunk.length == CHUNK_BYTES) {
        chunk = bytes.readNBytes(CHUNK_BYTES);
        stream.send(BlobChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(chunk)).build());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override public void getInputs(GetInputsRequest request, StreamObserver<Block> out) {
    var caller = SignedService.caller();
    PacedStream.write(out, threads, stream -> {
      var terms = access.require(caller, new DealId(ApiWire.bytes32("deal", request.getDeal())), "GetInputs");
      var inputs = terms.offer().word().work().inputs();
      if (!inputs.isZero()) {
        ports.store().walk(inputs, Wanted.have(request.getHaveList()),
            (cid, block) -> stream.send(Blocks.block(cid, block)));
      }
    });
  }

  @Override public void missingResultBlocks(MissingResultBlocksRequest request,
      StreamObserver<MissingBlocksReply> out) {
    var caller = SignedService.caller();
    PacedStream.write(out, threads, stream -> {
      access.requireOutput(caller, new DealId(ApiWire.bytes32("deal", request.getDeal())), "MissingResultBlocks");
      stream.send(Wanted.missing(ports.store(), request.getDigestsList()));
    });
  }

  @Override public StreamObserver<ResultBlock> putResult(StreamObserver<ResultReceipt> out) {
    return new ResultIntake(access, SignedService.caller(), out);
  }
}
