package network.lilypad.node.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.AcceptResultRequest;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.LogStreams;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunReported;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The output of jobs as their creator reads it, of a run that goes on, of one that has ended, and over several
/// attempts.
class LogsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path directory;
  private TestNode node;
  private Wallet creator;
  private Wallet provider;
  private ScriptedAgent agent;
  private JobId job;

  @BeforeEach void start() {
    node = TestNode.start(directory.resolve("data"), Map.of());
    creator = node.funded("creator");
    provider = node.funded("provider");
    agent = new ScriptedAgent(node, provider);
    agent.introduce(node.machine(provider, "machine"), 1);
    job = submit();
  }

  @AfterEach void stop() {
    agent.close();
    node.close();
  }

  private JobId submit() {
    var spec = node.spec(node.put(creator, TestNode.PROGRAM));
    var offer = node.offer(creator.address(), spec);
    node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build());
    return node.signatures().jobId(offer);
  }

  private static Run begun(ScriptedAgent agent) {
    agent.signLease();
    var run = agent.takeRun();
    agent.say(AgentMessage.newBuilder()
        .setStarted(Started.newBuilder().setRun(ScriptedAgent.ref(run)).setAt(TestNode.now())));
    return run;
  }

  private static void print(ScriptedAgent agent, DealRef run, boolean stderr, long offset, String text) {
    agent.say(AgentMessage.newBuilder().setLog(Log.newBuilder().setRun(run).setPiece(LogPiece.newBuilder()
        .setStderr(stderr).setOffset(offset).setData(ByteString.copyFromUtf8(text)))));
  }

  private void end(DealRef run, Run word, String stdout, String stderr) throws Exception {
    var folder = TestNode.result(directory.resolve("result" + run.getEpoch()), stdout);
    Files.writeString(folder.resolve("stderr"), stderr);
    var receipt = new TestNode.Answer<ResultReceipt>();
    var blocks = node.agents(provider).putResult(receipt);
    var sent = new ArrayList<ResultBlock.Builder>();
    var root = TestNode.blocks(folder, (cid, block) -> sent.add(
        ResultBlock.newBuilder().setBlock(Blocks.block(cid, block))));
    sent.getFirst().setDeal(run.getDeal()).setRoot(ApiWire.bytes(root));
    sent.forEach(block -> blocks.onNext(block.build()));
    blocks.onCompleted();
    receipt.get();
    var deal = ValuesWire.lease(word.getLease().getLease()).deal();
    var result = new Result(deal, root, Lp.gwei(1), TestNode.now(), TestNode.now());
    agent.say(AgentMessage.newBuilder().setResultReady(agent.signed(result)));
    assertThat(agent.resultAnswer().hasRefused()).isFalse();
    node.market(creator).acceptResult(AcceptResultRequest.newBuilder().setJob(ApiWire.bytes(job.digest()))
        .setAcceptance(SignedWire.toProto(node.sign(creator,
            new Acceptance(result.deal(), result.commitment(), result.cost()))))
        .build());
  }

  private GetLogsRequest.Builder asked() {
    return GetLogsRequest.newBuilder().setJob(ApiWire.bytes(job.digest()));
  }

  private List<JobEvent> logs(GetLogsRequest.Builder request) {
    var events = new ArrayList<JobEvent>();
    node.market(creator).withDeadlineAfter(PATIENCE).getLogs(request.build()).forEachRemaining(events::add);
    return events;
  }

  private static String text(List<JobEvent> events) {
    var text = new StringBuilder();
    events.forEach(event -> text.append(event.getLog().getData().toStringUtf8()));
    return text.toString();
  }

  private void awaitLogs(GetLogsRequest.Builder request, String text) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(logs(request))).isEqualTo(text));
  }

  @Test void a_run_that_goes_on_is_read_as_far_as_it_is_and_only_as_asked() {
    // given
    assertThat(logs(asked())).isEmpty();
    var run = ScriptedAgent.ref(begun(agent));
    print(agent, run, false, 0, "one\ntwo\nthr");
    print(agent, run, false, 11, "ee\nfour");
    print(agent, run, true, 0, "careful\n");
    // when, then
    awaitLogs(asked(), "one\ntwo\nthree\nfourcareful\n");
    assertThat(text(logs(asked().setStreams(LogStreams.LOG_STREAMS_STDERR)))).isEqualTo("careful\n");
    assertThat(text(logs(asked().setStreams(LogStreams.LOG_STREAMS_STDOUT).setTailLines(2)))).isEqualTo("three\nfour");
    assertThat(text(logs(asked().setTailLines(9)))).isEqualTo("one\ntwo\nthree\nfourcareful\n");
    assertThat(text(logs(asked().setSince(TestNode.now() - 300)))).isEqualTo("one\ntwo\nthree\nfourcareful\n");
    var all = logs(asked());
    assertThat(all).allSatisfy(event -> assertThat(event.getAttempt()).isEqualTo(1));
    assertThat(all.getFirst().getCursor()).isEqualTo("L1:1:18:0:1");
    assertThat(text(logs(asked().setCursor(all.getFirst().getCursor())))).isEqualTo("careful\n");
    assertThat(text(logs(asked().setCursor("L1:1:11:0:1").setTailLines(1)))).isEqualTo("ee\nfourcareful\n");
  }

  @Test void a_follower_hears_everything_once_over_a_broken_line_until_the_job_ends() throws Exception {
    // given
    var word = begun(agent);
    var run = ScriptedAgent.ref(word);
    print(agent, run, false, 0, "one\n");
    awaitLogs(asked(), "one\n");
    // when
    String cursor;
    try (var first = new Follower(asked().setFollow(true))) {
      cursor = first.next().getCursor();
    }
    print(agent, run, false, 4, "two\n");
    try (var second = new Follower(asked().setFollow(true).setCursor(cursor))) {
      // then
      assertThat(second.next().getLog().getData().toStringUtf8()).isEqualTo("two\n");
      print(agent, run, false, 12, "four\n");
      var late = second.next();
      assertThat(late.getLog().getOffset()).isEqualTo(12);
      assertThat(late.getLog().getMissed()).isEqualTo(4);
      end(run, word, "one\ntwo\nxxx\nfour\nfive\n", "six\n");
      assertThat(second.next().getLog().getData().toStringUtf8()).isEqualTo("five\n");
      assertThat(second.next().getLog().getData().toStringUtf8()).isEqualTo("six\n");
      assertThat(second.next().getEnded().getPhase()).isEqualTo("Done");
      second.completed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(text(logs(asked()))).isEqualTo("one\ntwo\nxxx\nfour\nfive\nsix\n");
  }

  @Test void an_ended_job_is_read_from_its_result_after_a_restart_too() throws Exception {
    // given
    var lines = "a line of some length\n".repeat(10_000);
    var word = begun(agent);
    end(ScriptedAgent.ref(word), word, lines + "last", "oops\n");
    // when
    agent.close();
    node.restart();
    // then
    assertThat(text(logs(asked()))).isEqualTo(lines + "lastoops\n");
    assertThat(text(logs(asked().setTailLines(3)))).isEqualTo("a line of some length\n".repeat(2) + "lastoops\n");
    var tail = logs(asked().setTailLines(5000).setStreams(LogStreams.LOG_STREAMS_STDOUT));
    assertThat(text(tail)).isEqualTo("a line of some length\n".repeat(4999) + "last");
    assertThat(text(logs(asked().setTailLines(5000).setStreams(LogStreams.LOG_STREAMS_STDOUT)
        .setCursor(tail.getFirst().getCursor())))).isEqualTo(text(tail.subList(1, tail.size())));
    assertThat(text(logs(asked().setSince(TestNode.now() - 300)))).isEqualTo(lines + "lastoops\n");
    assertThat(logs(asked().setFollow(true).setTailLines(1)).getLast().getEnded().getPhase()).isEqualTo("Done");
  }

  @Test void each_piece_says_of_which_attempt_it_is() throws Exception {
    // given
    var lost = begun(agent);
    print(agent, ScriptedAgent.ref(lost), false, 0, "first try\n");
    awaitLogs(asked(), "first try\n");
    try (var follower = new Follower(asked().setFollow(true).setTailLines(1))) {
      assertThat(follower.next().getAttempt()).isEqualTo(1);
      // when
      agent.say(AgentMessage.newBuilder().setGiveBack(agent.signed(
          new Release(ValuesWire.lease(lost.getLease().getLease()).deal()))));
      var other = node.funded("other");
      try (var second = new ScriptedAgent(node, other)) {
        second.introduce(node.machine(other, "other"), 1);
        print(second, ScriptedAgent.ref(begun(second)), false, 0, "second\ntry\n");
        // then
        var ending = follower.next();
        assertThat(ending.getAttempt()).isEqualTo(1);
        assertThat(ending.getAttemptLost().getCause()).isEqualTo("RELEASED");
        assertThat(ending.getAttemptLost().getOutputGone()).isFalse();
        var event = follower.next();
        assertThat(event.getAttempt()).isEqualTo(2);
        assertThat(event.getLog().getData().toStringUtf8()).isEqualTo("second\ntry\n");
      }
    }
  }

  @Test void of_a_lost_attempt_whose_deal_rests_is_said_that_nothing_is_left_and_a_cursor_says_it_once()
      throws Exception {
    // given
    var lost = begun(agent);
    var ref = ScriptedAgent.ref(lost);
    agent.say(AgentMessage.newBuilder().setReport(RunReported.newBuilder().setRun(ref)
        .setReport(RunReport.newBuilder().setSequence(1).setRunningAt(TestNode.now()).setFailure("no disk"))));
    print(agent, ref, false, 0, "first try\n");
    awaitLogs(asked(), "first try\n");
    // when
    agent.say(AgentMessage.newBuilder().setGiveBack(agent.signed(
        new Release(ValuesWire.lease(lost.getLease().getLease()).deal()))));
    agent.say(AgentMessage.newBuilder().setKilled(agent.await(GatewayMessage.MessageCase.KILL).getKill()));
    // then
    Awaitility.await().atMost(PATIENCE).untilAsserted(
        () -> assertThat(logs(asked())).singleElement().matches(event -> event.getAttemptLost().getOutputGone()));
    var said = logs(asked()).getFirst();
    assertThat(said.getAttempt()).isEqualTo(1);
    assertThat(said.getAttemptLost().getCause()).isEqualTo("RELEASED");
    assertThat(said.getAttemptLost().getFailure()).isEqualTo("no disk");
    assertThat(logs(asked().setCursor(said.getCursor()))).isEmpty();
  }

  @Test void what_cannot_be_is_refused() {
    // when, then
    assertThat(refused(asked().setSince(TestNode.now() + 1000))).isInstanceOf(Rejection.Malformed.class);
    assertThat(refused(asked().setTailLines(100_001)).message()).contains("100001").contains("0 to 100000");
    assertThat(refused(asked().setStreamsValue(7)).message()).contains("streams");
    assertThat(refused(asked().setCursor("1:4:0:0"))).isInstanceOf(Rejection.Malformed.class);
    var stranger = node.market(TestNode.wallet("stranger"));
    assertThat(RejectionStatus.rejection(catchThrowable(() -> stranger.getLogs(asked().build()).hasNext())))
        .containsInstanceOf(Rejection.NotFound.class);
  }

  private Rejection refused(GetLogsRequest.Builder request) {
    return RejectionStatus.rejection(catchThrowable(() -> logs(request))).orElseThrow();
  }

  /// A reader in a thread of its own, which hangs up when it is closed.
  private final class Follower implements AutoCloseable {
    private final io.grpc.Context.CancellableContext line = io.grpc.Context.current().withCancellation();
    private final LinkedBlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> completed = new CompletableFuture<>();

    private Follower(GetLogsRequest.Builder request) {
      Thread.ofVirtual().start(line.wrap(() -> {
        try {
          node.market(creator).getLogs(request.build()).forEachRemaining(heard::add);
          completed.complete(true);
        } catch (RuntimeException e) {
          completed.completeExceptionally(e);
        }
      }));
    }

    private JobEvent next() throws InterruptedException {
      var next = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing heard in " + PATIENCE);
      }
      return next;
    }

    @Override public void close() {
      line.cancel(null);
    }
  }
}
