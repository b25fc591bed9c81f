package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.executor.Outcome;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.JobOffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that takes calls and never answers: a deal is given back while that still counts.
final class LateTransferTest {
  private static final long BYTES_MAX = 1 << 20;
  /// Longer than any transfer here may take, and shorter than the longest of all.
  private static final long SECONDS_MAX = 120;
  private static final long SUBMIT_BY = Offers.lease(Offers.job(Offers.work(), 1), 7).submitBy();

  @TempDir
  private Path folder = Path.of("");
  private final AtomicLong now = new AtomicLong();
  private final LedgerClock clock = new LedgerClock(() -> Instant.ofEpochSecond(now.get()));
  private final Silent gateway = new Silent();
  private final Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
      .addService(gateway).build();
  private ManagedChannel line;

  @BeforeEach void open() throws IOException {
    server.start();
    line = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach void close() {
    line.shutdownNow();
    server.shutdownNow();
  }

  /// Lets the ledger's time pass with each call, and does not answer, but where the caller would wait for ever.
  private final class Silent extends AgentsGrpc.AgentsImplBase {
    private final BlockingQueue<Long> waited = new LinkedBlockingQueue<>();

    private void called(StreamObserver<?> reply) {
      long seconds = Objects.requireNonNull(Context.current().getDeadline()).timeRemaining(TimeUnit.SECONDS);
      waited.add(seconds);
      now.set(SUBMIT_BY);
      if (seconds > SECONDS_MAX) {
        reply.onError(Status.UNAVAILABLE.withDescription("a caller without patience").asRuntimeException());
      }
    }

    @Override public void getBlob(GetBlobRequest request, StreamObserver<BlobChunk> reply) {
      called(reply);
    }

    @Override public StreamObserver<ResultBlock> putResult(StreamObserver<ResultReceipt> reply) {
      called(reply);
      return new StreamObserver<>() {
        @Override public void onNext(ResultBlock block) {
          // taken, and lost
        }

        @Override public void onError(Throwable failure) {
          // the caller has given up
        }

        @Override public void onCompleted() {
          // never answered
        }
      };
    }
  }

  /// Does a deal's work.
  ///
  /// @return what is in the spool afterwards
  private SpooledDeal worked(JobOffer job) throws Exception {
    var spool = Spool.open(folder);
    var deal = spool.taken(spool.leased(Offers.run(job, Offers.lease(job, 7))));
    var voice = new AgentVoice(Offers.PROVIDER, clock);
    voice.serve(new Market(Offers.DOMAIN, Offers.SOLVER, Offers.MARKET, 0, BYTES_MAX));
    var scripted = new ScriptedEngine();
    scripted.endings.add(new Outcome.Exited(0));
    var uplink = new Uplink();
    try (var logs = new LogPump(uplink::send)) {
      var content = new AgentContent(line, CallSigner.of(Offers.PROVIDER, clock));
      new DealRun(deal, new DealRun.Desk(content, scripted, spool, uplink, logs, voice), BYTES_MAX)
          .work(new Backoff(new Random(1)));
    }
    return spool.find(deal.deal()).orElseThrow();
  }

  private void assertGivenBack(SpooledDeal deal) {
    assertThat(deal.ending()).hasValueSatisfying(ending -> assertThat(ending.hasRelease()).isTrue());
    assertThat(deal.report()).hasValueSatisfying(report -> assertThat(report.getFailure())
        .contains("no time left before the lease's submitBy"));
    assertThat(gateway.waited).singleElement().satisfies(seconds -> assertThat(seconds).isBetween(0L, 5L));
  }

  @Test void a_result_that_nobody_takes_is_given_up_while_a_release_still_counts() throws Exception {
    now.set(SUBMIT_BY - 22);
    assertGivenBack(worked(Offers.containerJob()));
  }

  @Test void a_program_that_does_not_come_is_given_up_then_too() throws Exception {
    now.set(SUBMIT_BY - 22);
    assertGivenBack(worked(Offers.job(Offers.work(), 1)));
  }

  @Test void a_transfer_may_take_the_time_that_is_left_and_a_late_one_a_last_try() {
    var lease = Offers.lease(Offers.job(Offers.work(), 1), 7);
    assertThat(DealRun.transferSeconds(SUBMIT_BY - 110, lease)).isEqualTo(90);
    assertThat(DealRun.transferSeconds(SUBMIT_BY - 25, lease)).isEqualTo(5);
    assertThat(DealRun.transferSeconds(SUBMIT_BY - 24, lease)).isEqualTo(5);
    assertThat(DealRun.transferSeconds(SUBMIT_BY, lease)).isEqualTo(5);
    assertThat(AgentContent.within(10_000).timeRemaining(TimeUnit.SECONDS)).isBetween(3500L, 3600L);
  }
}
