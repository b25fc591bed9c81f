package network.lilypad.node.cli;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsReader;
import network.lilypad.protocol.proto.v1.AcceptResultRequest;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.ExplainJobRequest;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.FaucetRequest;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetInfoRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.MissingBlocksReply;
import network.lilypad.protocol.proto.v1.MissingBlocksRequest;
import network.lilypad.protocol.proto.v1.PutBlobReply;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.value.Keccak256;

/// A gateway that does what a test tells it, faults included, over a real gRPC server.
final class FakeMarket extends MarketGrpc.MarketImplBase implements AutoCloseable {
  static final ByteString JOB = bytes32("job");
  static final ByteString PROVIDER = ByteString.copyFrom(Keccak256.hash("provider").bytes(), 0, 20);

  /// Watches one after the other: what each sends before it breaks or ends.
  final Deque<Watch> watches = new ConcurrentLinkedDeque<>();
  /// Readings of the output one after the other, and what was asked.
  final Deque<Watch> logs = new ConcurrentLinkedDeque<>();
  final List<GetLogsRequest> logsAsked = new CopyOnWriteArrayList<>();
  final List<String> cursors = new CopyOnWriteArrayList<>();
  final List<SubmitJobRequest> submitted = new CopyOnWriteArrayList<>();
  final List<AcceptResultRequest> accepted = new CopyOnWriteArrayList<>();
  final Map<Cid, byte[]> result = new LinkedHashMap<>();
  volatile Rejection submitRefusal = new Rejection.Unavailable("nothing", 0);
  volatile Job shown = job("Done");
  volatile boolean refuseSubmit;
  volatile Optional<Rejection> acceptRefusal = Optional.empty();
  /// What happens elsewhere while a job is taken.
  volatile Runnable onSubmit = () -> {};
  /// Nobody has anything before the faucet gave it.
  private volatile boolean funded;
  volatile boolean damageResult;
  /// Refusals of the next calls that ask what the gateway is, that fetch a result, and that ask for a balance.
  final Deque<Rejection> infoRefusals = new ConcurrentLinkedDeque<>();
  final Deque<Rejection> resultRefusals = new ConcurrentLinkedDeque<>();
  final Deque<Rejection> balanceRefusals = new ConcurrentLinkedDeque<>();
  private final Server server;

  /// What one watch sends.
  ///
  /// @param events events
  /// @param breaks whether it breaks afterwards
  record Watch(List<JobEvent> events, boolean breaks) {}

  FakeMarket() throws IOException {
    server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(this).build().start();
  }

  private static ByteString bytes32(String text) {
    return ByteString.copyFrom(Keccak256.hash(text).bytes());
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /// Stores a result tree and gives the deal that has it.
  DealView resultOf(Path folder, String stdout, String exitCode) throws IOException {
    Files.createDirectories(folder.resolve("outputs"));
    Files.writeString(folder.resolve("stdout"), stdout);
    Files.writeString(folder.resolve("stderr"), "");
    Files.writeString(folder.resolve("exitCode"), exitCode);
    var blocks = FolderBlocks.of(folder, new TreeLimits(1 << 20, 100));
    new UnixFsReader(blocks, new TreeLimits(1 << 20, 100)).blocks(blocks.root(), result::put);
    var root = blocks.root();
    return deal().toBuilder().setPhaseValue(2).setPhaseName("RESULTS_SUBMITTED").setCost(10_000)
        .setResult(ByteString.copyFrom(root.digest().bytes())).build();
  }

  static DealView deal() {
    return DealView.newBuilder().setDeal(bytes32("deal")).setProvider(PROVIDER).setMachine(bytes32("machine"))
        .setPrice(600_000).setPhaseValue(1).setPhaseName("AGREED").build();
  }

  static Job job(String phase) {
    return Job.newBuilder().setJob(JOB).setPhase(phase).setAttempt(1).setModule("cowsay:v0.0.4").build();
  }

  /// The events of a job that goes well.
  static List<JobEvent> happy(DealView withResult) {
    var events = new ArrayList<JobEvent>();
    var paid = withResult.toBuilder().setPaid(10_000).setRefunded(590_000).setPhaseValue(3)
        .setPhaseName("RESULTS_ACCEPTED")
        .setSettled(true).build();
    events.add(event(events).setSubmitted(job("Open")).build());
    events.add(event(events).setMatched(deal()).build());
    events.add(event(events).setEscrowed(deal()).build());
    events.add(event(events).setStarted(deal()).build());
    events.add(event(events).setLog(LogPiece.newBuilder().setData(ByteString.copyFromUtf8("moo\n"))).build());
    events.add(event(events).setResult(withResult).build());
    events.add(event(events).setAccepted(paid).build());
    events.add(event(events).setPaid(paid).build());
    events.add(event(events).setEnded(job("Done").toBuilder().setDeal(paid)).build());
    return events;
  }

  static JobEvent.Builder event(List<JobEvent> before) {
    return JobEvent.newBuilder().setCursor("1:" + (before.size() + 1)).setAttempt(1).setAt(1_800_000_000L);
  }

  static JobEvent log(int attempt, boolean stderr, long offset, String text, long missed) {
    return JobEvent.newBuilder().setCursor("L" + attempt + ":" + (offset + text.length())).setAttempt(attempt)
        .setAt(1_800_000_000L).setLog(LogPiece.newBuilder().setStderr(stderr).setOffset(offset).setMissed(missed)
            .setData(ByteString.copyFromUtf8(text)))
        .build();
  }

  static JobEvent lost() {
    return JobEvent.newBuilder().setCursor("1:9").setAttempt(1).setAt(1_800_000_000L)
        .setAttemptLost(AttemptEnding.newBuilder().setProvider(PROVIDER).setCause("LAPSED")).build();
  }

  static JobEvent gone(int attempt) {
    return JobEvent.newBuilder().setCursor("L" + (attempt + 1) + ":0").setAttempt(attempt).setAt(1_800_000_000L)
        .setAttemptLost(AttemptEnding.newBuilder().setProvider(PROVIDER).setCause("RELEASED").setFailure("no GPU")
            .setOutputGone(true))
        .build();
  }

  static JobEvent ended(String phase) {
    var report = RunReport.newBuilder().setEndedAt(1_800_000_000L);
    return JobEvent.newBuilder().setCursor("9:9").setAttempt(1).setAt(1_800_000_000L)
        .setEnded(job(phase).toBuilder().setDeal(DealView.newBuilder().setReport(report))).build();
  }

  @Override public void getInfo(GetInfoRequest request, StreamObserver<Info> reply) {
    if (!infoRefusals.isEmpty()) {
      reply.onError(RejectionStatus.exception(infoRefusals.remove()));
      return;
    }
    answer(reply, Info.newBuilder().setVersion("fake").setVerifyingContract(PROVIDER).setSolver(PROVIDER)
        .setMarket(bytes32("market")).setLedgerTime(1_800_000_000L).setMaxContentBytes(1 << 30).build());
  }

  @Override public StreamObserver<BlobChunk> putBlob(StreamObserver<PutBlobReply> reply) {
    return new StreamObserver<>() {
      private ByteString digest = ByteString.EMPTY;

      @Override public void onNext(BlobChunk chunk) {
        digest = digest.isEmpty() ? chunk.getDigest() : digest;
      }

      @Override public void onError(Throwable failure) {}

      @Override public void onCompleted() {
        answer(reply, PutBlobReply.newBuilder().setDigest(digest).build());
      }
    };
  }

  @Override public void missingBlocks(MissingBlocksRequest request, StreamObserver<MissingBlocksReply> reply) {
    answer(reply, MissingBlocksReply.newBuilder().addAllMissing(request.getDigestsList()).build());
  }

  @Override public void submitJob(SubmitJobRequest request, StreamObserver<Job> reply) {
    if (refuseSubmit) {
      reply.onError(RejectionStatus.exception(submitRefusal));
      return;
    }
    if (!funded) {
      reply.onError(RejectionStatus.exception(new Rejection.InsufficientFunds("0x01", 1, 0)));
      return;
    }
    submitted.add(request);
    onSubmit.run();
    answer(reply, job("Open"));
  }

  @Override public void watchJob(WatchJobRequest request, StreamObserver<JobEvent> reply) {
    cursors.add(request.getCursor());
    play(watches, reply);
  }

  @Override public void getLogs(GetLogsRequest request, StreamObserver<JobEvent> reply) {
    logsAsked.add(request);
    play(logs, reply);
  }

  @Override public void getJob(GetJobRequest request, StreamObserver<Job> reply) {
    answer(reply, shown);
  }

  private static void play(Deque<Watch> watches, StreamObserver<JobEvent> reply) {
    var watch = watches.isEmpty() ? new Watch(List.of(), true) : watches.removeFirst();
    watch.events().forEach(reply::onNext);
    if (watch.breaks()) {
      reply.onError(Status.UNAVAILABLE.withDescription("going away").asRuntimeException());
    } else {
      reply.onCompleted();
    }
  }

  @Override public void getResult(GetResultRequest request, StreamObserver<Block> reply) {
    if (!resultRefusals.isEmpty()) {
      reply.onError(RejectionStatus.exception(resultRefusals.remove()));
      return;
    }
    result.forEach((cid, block) -> reply.onNext(Block.newBuilder().setCid(ByteString.copyFrom(cid.toBytes()))
        .setData(ByteString.copyFrom(damageResult ? damaged(block) : block)).build()));
    reply.onCompleted();
  }

  private static byte[] damaged(byte[] block) {
    var copy = block.clone();
    if (copy.length > 0) {
      copy[copy.length - 1] ^= 1;
    }
    return copy;
  }

  @Override public void acceptResult(AcceptResultRequest request, StreamObserver<Job> reply) {
    accepted.add(request);
    if (acceptRefusal.isPresent()) {
      reply.onError(RejectionStatus.exception(acceptRefusal.get()));
    } else {
      answer(reply, job("Closing"));
    }
  }

  @Override public void explainJob(ExplainJobRequest request, StreamObserver<Explanation> reply) {
    answer(reply, Explanation.newBuilder().setMachines(3).setMatching(0)
        .addFilters(Explanation.FallenAt.newBuilder().setRule("price").setMachines(3).setNearest("asks 0.002 LP"))
        .addAdvice("raise --max-price to 0.002").build());
  }

  @Override public void listJobs(ListJobsRequest request, StreamObserver<ListJobsReply> reply) {
    answer(reply, ListJobsReply.newBuilder().addJobs(job("Done").toBuilder().setPostedAt(1_800_000_000L)).build());
  }

  @Override public void getBalance(GetBalanceRequest request, StreamObserver<Balance> reply) {
    if (!balanceRefusals.isEmpty()) {
      reply.onError(RejectionStatus.exception(balanceRefusals.remove()));
      return;
    }
    answer(reply, Balance.newBuilder().setAccount(PROVIDER).build());
  }

  @Override public void faucet(FaucetRequest request, StreamObserver<Balance> reply) {
    funded = true;
    answer(reply, Balance.newBuilder().setAccount(PROVIDER).setFree(request.getAmount()).build());
  }

  private static <T> void answer(StreamObserver<T> reply, T value) {
    reply.onNext(value);
    reply.onCompleted();
  }

  @Override public void close() {
    server.shutdownNow();
  }
}
