package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import network.lilypad.node.auth.SignedService;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
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
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.MissingBlocksReply;
import network.lilypad.protocol.proto.v1.MissingBlocksRequest;
import network.lilypad.protocol.proto.v1.PutBlobReply;
import network.lilypad.protocol.proto.v1.PutTreeReply;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.wire.WireDoor;

/// The public API, behind [SignedService]: each method finds its caller proven. Methods block, so the server runs them
/// on threads for that.
final class MarketService extends MarketGrpc.MarketImplBase {
  private final GatewayPorts ports;
  private final Asking asking;
  private final WireDoor door;
  private final JobDesk desk;
  private final Submission submission;
  private final JobWatches watches;
  private final Executor threads;

  /// @param threads where long answers are written; they block
  MarketService(GatewayPorts ports, Executor threads) {
    this.ports = ports;
    this.threads = threads;
    this.asking = new Asking(ports.system(), ports.config().askTimeout());
    this.door = new WireDoor(ports.signatures());
    this.desk = new JobDesk(ports, asking);
    this.submission = new Submission(ports, asking, desk);
    this.watches = new JobWatches(ports, threads);
  }

  /// Ends what lasts as long as somebody watches.
  void close() {
    watches.close();
  }

  @Override public void getInfo(GetInfoRequest request, StreamObserver<Info> out) {
    answer(out, () -> NodeInfo.of(ports));
  }

  @Override public StreamObserver<BlobChunk> putBlob(StreamObserver<PutBlobReply> out) {
    return new BlobIntake(ports.store().of(SignedService.caller()), out);
  }

  @Override public StreamObserver<Block> putTree(StreamObserver<PutTreeReply> out) {
    return new TreeIntake(ports.store().of(SignedService.caller()), ports.config().limits().contentBytes(), out);
  }

  @Override public void missingBlocks(MissingBlocksRequest request, StreamObserver<MissingBlocksReply> out) {
    var content = ports.store().of(SignedService.caller());
    answer(out, () -> Wanted.missing(content, request.getDigestsList()));
  }

  @Override public void submitJob(SubmitJobRequest request, StreamObserver<Job> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.show(
        submission.submit(caller, door.admit(JobOffer.class, request.getOffer()),
            new Submission.Papers(request.getSpec(), request.getRequiredInputsList()))));
  }

  @Override public void getJob(GetJobRequest request, StreamObserver<Job> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.show(desk.own(caller, job(request.getJob()))));
  }

  @Override public void listJobs(ListJobsRequest request, StreamObserver<ListJobsReply> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.list(caller, request));
  }

  @Override public void watchJob(WatchJobRequest request, StreamObserver<JobEvent> out) {
    var caller = SignedService.caller();
    try {
      var view = desk.own(caller, job(request.getJob()));
      watches.begin(view.job(), new JobStory(Cursor.parse(request.getCursor()), desk.module(view), ports.ledgerTime()),
          new LogFill(ports.store(), desk.content(view)), out);
    } catch (RuntimeException e) {
      out.onError(Refused.of(e));
    }
  }

  @Override public void getLogs(GetLogsRequest request, StreamObserver<JobEvent> out) {
    var caller = SignedService.caller();
    PacedStream.write(out, threads, stream -> {
      var question = LogQuestion.of(request, ports.ledgerTime().getAsLong());
      var view = desk.own(caller, job(request.getJob()));
      var at = request.getCursor().isEmpty() ? LogCursor.start(view.attempt()) : LogCursor.parse(request.getCursor());
      watches
          .hold(() -> new LogReading(ports, desk, view, new LogReading.Asked(question, at), stream).tell(view));
    });
  }

  @Override public void cancelJob(CancelJobRequest request, StreamObserver<Job> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.cancel(caller, door.admit(Cancel.class, request.getCancel())));
  }

  @Override public void acceptResult(AcceptResultRequest request, StreamObserver<Job> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.accept(caller, job(request.getJob()),
        door.admit(Acceptance.class, request.getAcceptance())));
  }

  @Override public void explainJob(ExplainJobRequest request, StreamObserver<Explanation> out) {
    var caller = SignedService.caller();
    answer(out, () -> desk.explain(caller, job(request.getJob())));
  }

  @Override public void getResult(GetResultRequest request, StreamObserver<Block> out) {
    var caller = SignedService.caller();
    PacedStream.write(out, threads, stream -> {
      var view = desk.own(caller, job(request.getJob()));
      var root = desk.result(view).orElseThrow(
          () -> Refused.because(new Rejection.NotFound("result of job", view.job().toString())));
      Refused.unless(desk.content(view).tree(root).isPresent(),
          new Rejection.NotFound("kept result of job", view.job().toString()));
      ports.store().walk(root, Wanted.have(request.getHaveList()),
          (cid, block) -> stream.send(Blocks.block(cid, block)));
    });
  }

  @Override public void getBalance(GetBalanceRequest request, StreamObserver<Balance> out) {
    var caller = SignedService.caller();
    answer(out, () -> balance(caller));
  }

  @Override public void getEarnings(GetEarningsRequest request, StreamObserver<Earnings> out) {
    var caller = SignedService.caller();
    answer(out, () -> new EarningsDesk(ports).of(caller, request.getDays()));
  }

  @Override public void faucet(FaucetRequest request, StreamObserver<Balance> out) {
    var caller = SignedService.caller();
    answer(out, () -> {
      var amount = amount(request.getAmount());
      if (request.getNonce() < 0) {
        throw new InvalidValueException("nonce", Long.toUnsignedString(request.getNonce()), "0 to 2^63-1");
      }
      Bridge.Reply reply = asking.ask("the ledger", ports.neighbours().bridge(),
          replyTo -> new Bridge.Faucet(caller, amount, request.getNonce(), replyTo));
      return switch (reply) {
        case Bridge.Receipt _ -> balance(caller);
        case Bridge.Refused(_, var why) -> throw Refused.because(why);
      };
    });
  }

  private Lp amount(long gwei) {
    var limit = ports.config().faucetLimit();
    if (gwei < 1 || gwei > Lp.MAX_GWEI) {
      throw new InvalidValueException("amount", Long.toUnsignedString(gwei), "1 to " + limit.gwei() + " gwei of LP");
    }
    Refused.unless(limit.covers(Lp.gwei(gwei)), new Rejection.TooLarge("faucet in gwei of LP", gwei, limit.gwei()));
    return Lp.gwei(gwei);
  }

  private Balance balance(Address account) {
    return ApiWire.balance(asking.ask("the ledger", ports.neighbours().bridge(),
        replyTo -> new Bridge.GetBalance(account, replyTo)));
  }

  private static Bytes32 job(ByteString bytes) {
    return ApiWire.bytes32("job", bytes);
  }

  private static <A> void answer(StreamObserver<A> out, Supplier<A> work) {
    A answer;
    try {
      answer = work.get();
    } catch (RuntimeException e) {
      out.onError(Refused.of(e));
      return;
    }
    out.onNext(answer);
    out.onCompleted();
  }
}
