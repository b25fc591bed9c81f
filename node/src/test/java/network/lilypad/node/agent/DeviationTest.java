package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that sends another program than the job pins: a machine does not run what it did not promise to run.
class DeviationTest {
  private static final long BYTES_MAX = 1 << 20;

  @TempDir
  Path folder;
  private Server gateway;
  private ManagedChannel line;
  private final LedgerClock clock = new LedgerClock(InstantSource.fixed(Instant.ofEpochSecond(Offers.NOW)));
  private final AtomicBoolean ran = new AtomicBoolean();

  @BeforeEach void open() throws IOException {
    gateway = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(new OtherProgram())
        .build()
        .start();
    line = NettyChannelBuilder.forAddress("127.0.0.1", gateway.getPort()).usePlaintext().build();
  }

  @AfterEach void close() {
    line.shutdownNow();
    gateway.shutdownNow();
  }

  /// Answers every question for a program with the same one.
  private static final class OtherProgram extends AgentsGrpc.AgentsImplBase {
    @Override public void getBlob(GetBlobRequest request, StreamObserver<BlobChunk> reply) {
      reply.onNext(BlobChunk.newBuilder().setData(ByteString.copyFromUtf8("another program")).build());
      reply.onCompleted();
    }
  }

  /// Notes whether it was ever asked to run something.
  private final class Engines implements JobEngine {
    @Override public List<Engine> engines() {
      return List.of(Engine.WASM);
    }

    @Override public long memoryMib() {
      return 1024;
    }

    @Override public Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) {
      ran.set(true);
      return Optional.empty();
    }

    @Override public void kill(DealId deal) {}
  }

  private AgentContent content() {
    return new AgentContent(line, CallSigner.of(Offers.PROVIDER, clock));
  }

  @Test void a_program_that_is_not_the_pinned_one_is_never_run_and_its_deal_is_given_back() throws Exception {
    // given
    var job = Offers.job(Offers.work(), 1);
    var spool = Spool.open(folder);
    var deal = spool.taken(spool.leased(Offers.run(job, Offers.lease(job, 7))));
    var voice = new AgentVoice(Offers.PROVIDER, clock);
    voice.serve(new Market(Offers.DOMAIN, Offers.SOLVER, Offers.MARKET, 0, BYTES_MAX));
    var uplink = new Uplink();
    try (var logs = new LogPump(uplink::send)) {
      // when
      new DealRun(deal, new DealRun.Desk(content(), new Engines(), spool, uplink, logs, voice), BYTES_MAX)
          .work(new Backoff(new Random(1)));
    }
    // then
    assertThat(ran).isFalse();
    assertThat(spool.find(deal.deal()).orElseThrow().ending()).hasValueSatisfying(
        ending -> assertThat(ending.hasRelease()).isTrue());
    assertThat(spool.runDirectory(deal.deal()).program()).doesNotExist();
  }

  @Test void what_is_wrong_is_named_and_nothing_of_it_is_kept() {
    var file = folder.resolve("program");
    var job = Offers.job(Offers.work(), 1);
    assertThatThrownBy(() -> content().program(Offers.lease(job, 7).deal(), Offers.SPEC.image(), file, BYTES_MAX,
        AgentContent.latest()))
        .isInstanceOf(IOException.class).hasMessageContaining("program: sha2-256 0x")
        .hasMessageContaining("(expected: " + Offers.SPEC.image() + ")");
    assertThat(file).doesNotExist();
  }
}
