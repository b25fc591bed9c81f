package network.lilypad.node.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.wire.SignedWire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that is asked to stop while people look at it.
class StopTest {
  /// What a process has for its end.
  private static final Duration STOP_MAX = Duration.ofSeconds(90);

  @TempDir
  private Path directory;

  /// A watcher's side of a stream.
  private static final class Watcher implements StreamObserver<JobEvent> {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CompletableFuture<Throwable> over = new CompletableFuture<>();

    @Override public void onNext(JobEvent event) {
      told.countDown();
    }

    @Override public void onError(Throwable failure) {
      over.complete(failure);
    }

    @Override public void onCompleted() {
      over.complete(new AssertionError("completed"));
    }
  }

  @Test void open_watches_followed_logs_and_sessions_do_not_keep_it_from_stopping() throws Exception {
    // given a job that runs, somebody who watches it, somebody who follows its output, and its machine in session
    var node = TestNode.start(directory, Map.of());
    var creator = node.funded("creator");
    var agent = new ScriptedAgent(node, TestNode.wallet("provider"));
    agent.introduce(node.machine(TestNode.wallet("provider"), "machine"), 1);
    var spec = node.spec(node.put(creator, TestNode.PROGRAM));
    var offer = node.sign(creator, node.offer(creator.address(), spec));
    node.market(creator).submitJob(
        SubmitJobRequest.newBuilder().setSpec(spec).setOffer(SignedWire.toProto(offer)).build());
    agent.signLease();
    var run = agent.takeRun();
    agent.say(AgentMessage.newBuilder().setLog(Log.newBuilder().setRun(ScriptedAgent.ref(run))
        .setPiece(LogPiece.newBuilder().setData(ByteString.copyFromUtf8("moo")))));
    var job = ApiWire.bytes(node.signatures().jobId(offer.word()).digest());
    var watcher = new Watcher();
    node.marketAsync(creator).watchJob(WatchJobRequest.newBuilder().setJob(job).build(), watcher);
    var reader = new Watcher();
    node.marketAsync(creator).getLogs(GetLogsRequest.newBuilder().setJob(job).setFollow(true).build(), reader);
    assertThat(watcher.told.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(reader.told.await(60, TimeUnit.SECONDS)).isTrue();
    // when
    var stopped = CompletableFuture.runAsync(node::stop);
    // then
    var told = watcher.over.get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
    assertThat(Status.fromThrowable(told).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(told).isInstanceOf(StatusRuntimeException.class);
    assertThat(RejectionStatus.rejection((StatusRuntimeException) told)).as("a refusal ends a watch for good")
        .isEmpty();
    reader.over.get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
    stopped.get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
    agent.close();
  }
}
