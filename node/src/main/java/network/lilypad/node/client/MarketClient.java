package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.AcceptResultRequest;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.CancelJobRequest;
import network.lilypad.protocol.proto.v1.ExplainJobRequest;
import network.lilypad.protocol.proto.v1.Earnings;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.FaucetRequest;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetEarningsRequest;
import network.lilypad.protocol.proto.v1.GetInfoRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.MissingBlocksRequest;
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

  /// Stores a program or spec, unless it is stored already; goes on with patience when the line breaks.
  public void putBlob(Bytes32 digest, ByteString bytes) {
    Patience.STANDARD.with(() -> 0, () -> missing(List.of(bytes(digest))).isEmpty() || sendBlob(digest, bytes));
  }

  private boolean sendBlob(Bytes32 digest, ByteString bytes) {
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
      return call.read() != null;
    });
  }

  /// Stores the blocks of a tree: only those that the gateway lacks, so a broken transfer goes on where it stopped.
  ///
  /// @param cids the tree's blocks
  /// @param blocks has them
  public void putTree(Collection<Cid> cids, BlockSource blocks) {
    var sent = new AtomicLong();
    Patience.STANDARD.with(sent::get, () -> {
      var lacking = Lacking.of(cids, this::missing);
      return lacking.isEmpty() || send(lacking, blocks, sent);
    });
  }

  private List<ByteString> missing(List<ByteString> digests) {
    var request = MissingBlocksRequest.newBuilder().addAllDigests(digests).build();
    return Calls.run(() -> signed(MarketGrpc.getMissingBlocksMethod(), request).missingBlocks(request))
        .getMissingList();
  }

  private boolean send(List<Cid> cids, BlockSource blocks, AtomicLong sent) {
    return Calls.run(() -> {
      var call = streaming(MarketGrpc.getPutTreeMethod()).withOnReadyThreshold(BlockUpload.AHEAD_BYTES).putTree();
      BlockUpload.send(cids, blocks, call, block -> {
        sent.incrementAndGet();
        return block;
      });
      return call.read() != null;
    });
  }

  /// Posts a job.
  ///
  /// @param required paths that must be in its inputs
  public Job submit(Signed<JobOffer> offer, ByteString spec, List<String> required) {
    var request = SubmitJobRequest.newBuilder().setOffer(SignedWire.toProto(offer)).setSpec(spec)
        .addAllRequiredInputs(required).build();
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

  /// What a job's runs have printed. The consumer is called with one event after the other.
  ///
  /// @param request its cursor says where an earlier answer to the same question ended
  public void logs(GetLogsRequest request, Consumer<JobEvent> events) {
    Calls.run(() -> {
      var call = attached(MarketGrpc.getGetLogsMethod(), request.toByteString(), stub).getLogs(request);
      return drain(call, events);
    });
  }

  private static <T> boolean drain(BlockingClientCall<?, T> call, Consumer<T> consumer)
      throws StatusException, InterruptedException {
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

  /// The blocks of a job's result as they come, to be closed; nothing is checked here.
  ///
  /// @param have blocks that need not come
  /// @param bytesMax the most bytes to come
  public BlockStream result(JobId job, Collection<Bytes32> have, long bytesMax) {
    var request = GetResultRequest.newBuilder().setJob(bytes(job.digest()))
        .addAllHave(have.stream().map(MarketClient::bytes).toList()).build();
    var method = MarketGrpc.getGetResultMethod();
    return BlockStream.of(attached(method, request.toByteString(), timed(TRANSFER_SECONDS_MAX)), method, request,
        bytesMax);
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
