package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.AcceptResultRequest;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.CancelJobRequest;
import network.lilypad.protocol.proto.v1.ExplainJobRequest;
import network.lilypad.protocol.proto.v1.Earnings;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.FaucetRequest;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetEarningsRequest;
import network.lilypad.protocol.proto.v1.GetInfoRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.SignedWire;

/// A job creator's view of one gateway: every call of the public API, signed. Methods block; all throw
/// [GatewayRefusedException] and [GatewayUnavailableException]. Thread-safe.
public final class MarketClient implements AutoCloseable {
  /// A call that takes longer is broken: the gateway answers in milliseconds, a ledger in seconds.
  static final int CALL_SECONDS_MAX = 20;
  /// A transfer of the largest content over a slow line.
  static final int TRANSFER_SECONDS_MAX = 3600;
  /// Half of what a chunk may have, so that no frame is near the bound.
  static final int CHUNK_BYTES = 512 * 1024;

  private final ManagedChannel channel;
  private final CallSigner signer;
  private final MarketGrpc.MarketBlockingV2Stub stub;

  /// @param channel to the gateway; closed with this
  /// @param signer signs every call but `info`
  public MarketClient(ManagedChannel channel, CallSigner signer) {
    this.channel = channel;
    this.signer = signer;
    this.stub = MarketGrpc.newBlockingV2Stub(channel);
  }

  /// What must be known before anything can be signed.
  public Info info() {
    return Calls.run(() -> timed(CALL_SECONDS_MAX).getInfo(GetInfoRequest.getDefaultInstance()));
  }

  /// Stores a program or spec; returns its sha2-256.
  public Bytes32 putBlob(Bytes32 digest, ByteString bytes) {
    return Calls.run(() -> {
      var call = streaming(MarketGrpc.getPutBlobMethod()).putBlob();
      int from = 0;
      do {
        int to = Math.min(bytes.size(), from + CHUNK_BYTES);
        var chunk = BlobChunk.newBuilder().setData(bytes.substring(from, to));
        call.write(from == 0 ? chunk.setDigest(bytes(digest)).build() : chunk.build());
        from = to;
      } while (from < bytes.size());
      call.halfClose();
      return Bytes32.of(call.read().getDigest().toByteArray());
    });
  }

  /// Stores the blocks of a tree.
  ///
  /// @param tree writes blocks into the sink that it is given
  public void putTree(Consumer<BlockSink> tree) {
    Calls.run(() -> {
      var call = streaming(MarketGrpc.getPutTreeMethod()).putTree();
      try {
        tree.accept((cid, block) -> Calls.run(() -> call.write(block(cid, block))));
      } catch (RuntimeException e) {
        call.cancel("the tree could not be written", e);
        throw e;
      }
      call.halfClose();
      return call.read();
    });
  }

  static Block block(Cid cid, byte[] block) {
    return Block.newBuilder().setCid(ByteString.copyFrom(cid.toBytes())).setData(ByteString.copyFrom(block)).build();
  }

  /// Posts a job.
  public Job submit(Signed<JobOffer> offer, ByteString spec) {
    var request = SubmitJobRequest.newBuilder().setOffer(SignedWire.toProto(offer)).setSpec(spec).build();
    return Calls.run(() -> signed(MarketGrpc.getSubmitJobMethod(), request).submitJob(request));
  }

  /// One job.
  public Job job(JobId job) {
    var request = GetJobRequest.newBuilder().setJob(bytes(job.digest())).build();
    return Calls.run(() -> signed(MarketGrpc.getGetJobMethod(), request).getJob(request));
  }

  /// A page of the caller's jobs.
  public ListJobsReply jobs(ListJobsRequest request) {
    return Calls.run(() -> signed(MarketGrpc.getListJobsMethod(), request).listJobs(request));
  }

  /// Follows a job until its end. The consumer is called with one event after the other.
  ///
  /// @param cursor where an earlier watch ended, empty: from the beginning
  public void watch(JobId job, String cursor, Consumer<JobEvent> events) {
    var request = WatchJobRequest.newBuilder().setJob(bytes(job.digest())).setCursor(cursor).build();
    Calls.run(() -> {
      var call = attached(MarketGrpc.getWatchJobMethod(), request.toByteString(), stub).watchJob(request);
      return drain(call, events);
    });
  }

  private static <T> boolean drain(BlockingClientCall<?, T> call, Consumer<T> consumer)
      throws io.grpc.StatusException, InterruptedException {
    try {
      for (var next = call.read(); next != null; next = call.read()) {
        consumer.accept(next);
      }
      return true;
    } catch (RuntimeException | InterruptedException e) {
      call.cancel("no longer wanted", e);
      throw e;
    }
  }

  /// Stops a job.
  public Job cancel(Signed<Cancel> cancel) {
    var request = CancelJobRequest.newBuilder().setCancel(SignedWire.toProto(cancel)).build();
    return Calls.run(() -> signed(MarketGrpc.getCancelJobMethod(), request).cancelJob(request));
  }

  /// Says that a result is good.
  public Job accept(JobId job, Signed<Acceptance> acceptance) {
    var request = AcceptResultRequest.newBuilder().setJob(bytes(job.digest()))
        .setAcceptance(SignedWire.toProto(acceptance)).build();
    return Calls.run(() -> signed(MarketGrpc.getAcceptResultMethod(), request).acceptResult(request));
  }

  /// Why a job has or has no match.
  public Explanation explain(JobId job) {
    var request = ExplainJobRequest.newBuilder().setJob(bytes(job.digest())).build();
    return Calls.run(() -> signed(MarketGrpc.getExplainJobMethod(), request).explainJob(request));
  }

  /// Fetches the blocks of a job's result.
  ///
  /// @param sink takes every block; nothing is checked here
  public void result(JobId job, BlockSink sink) {
    var request = GetResultRequest.newBuilder().setJob(bytes(job.digest())).build();
    Calls.run(() -> {
      var call = attached(MarketGrpc.getGetResultMethod(), request.toByteString(), timed(TRANSFER_SECONDS_MAX))
          .getResult(request);
      return drain(call, block -> put(sink, block));
    });
  }

  static void put(BlockSink sink, Block block) {
    try {
      sink.put(Cid.ofBytes(block.getCid().toByteArray()), block.getData().toByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The caller's balance.
  public Balance balance() {
    var request = GetBalanceRequest.getDefaultInstance();
    return Calls.run(() -> signed(MarketGrpc.getGetBalanceMethod(), request).getBalance(request));
  }

  /// What the caller has earned as a provider.
  ///
  /// @param days today included, 1 to 366
  public Earnings earnings(int days) {
    var request = GetEarningsRequest.newBuilder().setDays(days).build();
    return Calls.run(() -> signed(MarketGrpc.getGetEarningsMethod(), request).getEarnings(request));
  }

  /// LP out of nothing on an embedded ledger.
  ///
  /// @param nonce the caller's own number: the same one twice gives LP once
  public Balance faucet(Lp amount, long nonce) {
    var request = FaucetRequest.newBuilder().setAmount(amount.gwei()).setNonce(nonce).build();
    return Calls.run(() -> signed(MarketGrpc.getFaucetMethod(), request).faucet(request));
  }

  private MarketGrpc.MarketBlockingV2Stub timed(int seconds) {
    return stub.withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  private MarketGrpc.MarketBlockingV2Stub signed(MethodDescriptor<?, ?> method, MessageLite request) {
    return attached(method, request.toByteString(), timed(CALL_SECONDS_MAX));
  }

  private MarketGrpc.MarketBlockingV2Stub streaming(MethodDescriptor<?, ?> method) {
    return attached(method, ByteString.EMPTY, timed(TRANSFER_SECONDS_MAX));
  }

  private MarketGrpc.MarketBlockingV2Stub attached(MethodDescriptor<?, ?> method, ByteString body,
      MarketGrpc.MarketBlockingV2Stub to) {
    Metadata headers = signer.sign(method.getFullMethodName(), body);
    return to.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.bytes());
  }

  @Override public void close() {
    channel.shutdownNow();
  }
}
