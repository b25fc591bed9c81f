package network.lilypad.node.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.protocol.proto.v1.AcceptResultRequest;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.Earnings;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetEarningsRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunReported;
import network.lilypad.protocol.proto.v1.Standing;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node, a creator over gRPC and an agent over its stream: one job from its offer to its payment.
class NodeTest {
  private static final String STDOUT = "moo\n".repeat(30_000);

  @TempDir
  Path directory;
  private TestNode node;
  private Wallet creator;
  private Wallet provider;

  @BeforeEach void start() {
    node = TestNode.start(directory.resolve("data"), Map.of());
    creator = node.funded("creator");
    provider = node.funded("provider");
  }

  @AfterEach void stop() {
    node.close();
  }

  private JobId submit() {
    var spec = node.spec(node.put(creator, TestNode.PROGRAM));
    var offer = node.offer(creator.address(), spec);
    node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build());
    return node.signatures().jobId(offer);
  }

  private List<JobEvent> watch(JobId job, String cursor) {
    var events = new ArrayList<JobEvent>();
    node.market(creator).withDeadlineAfter(Duration.ofSeconds(30)).watchJob(WatchJobRequest.newBuilder()
        .setJob(ApiWire.bytes(job.digest())).setCursor(cursor).build()).forEachRemaining(events::add);
    return events;
  }

  private static String output(List<JobEvent> events) {
    var text = ByteString.EMPTY;
    for (var event : events) {
      if (event.hasLog()) {
        assertThat(event.getLog().getOffset()).isEqualTo(text.size());
        text = text.concat(event.getLog().getData());
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private Bytes32 putResult(DealRef deal) throws Exception {
    var receipt = new TestNode.Answer<ResultReceipt>();
    var blocks = node.agents(provider).putResult(receipt);
    var sent = new ArrayList<ResultBlock.Builder>();
    var root = TestNode.blocks(TestNode.result(directory.resolve("result" + deal.getEpoch()), STDOUT),
        (cid, block) -> sent.add(ResultBlock.newBuilder().setBlock(Blocks.block(cid, block))));
    sent.getFirst().setDeal(deal.getDeal()).setRoot(ApiWire.bytes(root));
    sent.forEach(block -> blocks.onNext(block.build()));
    blocks.onCompleted();
    assertThat(receipt.get().getRoot()).isEqualTo(ApiWire.bytes(root));
    return root;
  }

  private Result run(ScriptedAgent agent, Run run) throws Exception {
    var ref = ScriptedAgent.ref(run);
    agent.say(AgentMessage.newBuilder().setStarted(Started.newBuilder().setRun(ref).setAt(TestNode.now())));
    agent.say(report(ref, 2, 7));
    agent.say(report(ref, 1, 0));
    agent.say(AgentMessage.newBuilder().setLog(Log.newBuilder().setRun(ref)
        .setPiece(LogPiece.newBuilder().setData(ByteString.copyFromUtf8(STDOUT.substring(0, 4000))))));
    var root = putResult(ref);
    var lease = ValuesWire.lease(run.getLease().getLease());
    var result = new Result(lease.deal(), root, Lp.gwei(1), TestNode.now(), TestNode.now());
    agent.say(AgentMessage.newBuilder().setResultReady(agent.signed(result)));
    var answer = agent.resultAnswer();
    assertThat(answer.hasRefused()).as(answer.toString()).isFalse();
    return result;
  }

  private AgentMessage.Builder measured(long at, long sha256MibPerSecond) {
    return AgentMessage.newBuilder().setStanding(Standing.newBuilder()
        .setInventory(ValuesWire.toProto(node.machine(provider, "machine").capacity()))
        .setSpeed(MachineSpeed.newBuilder().setMeasuredAt(at).setSha256MibPerSecond(sha256MibPerSecond)));
  }

  private static AgentMessage.Builder report(DealRef ref, int sequence, int exitCode) {
    return AgentMessage.newBuilder().setReport(RunReported.newBuilder().setRun(ref)
        .setReport(RunReport.newBuilder().setSequence(sequence).setExitCode(exitCode).setEndedAt(TestNode.now())));
  }

  private void accept(JobId job, Result result) {
    var acceptance = new Acceptance(result.deal(), result.commitment(), result.cost());
    node.market(creator).acceptResult(AcceptResultRequest.newBuilder().setJob(ApiWire.bytes(job.digest()))
        .setAcceptance(SignedWire.toProto(node.sign(creator, acceptance))).build());
  }

  @Test void a_job_is_matched_run_paid_and_told_the_same_way_after_a_restart() throws Exception {
    // given
    JobId job;
    Result result;
    try (var agent = new ScriptedAgent(node, provider)) {
      assertThat(agent.introduce(node.machine(provider, "machine"), 1).getKillCount()).isZero();
      agent.say(measured(TestNode.now(), 400));
      agent.say(measured(TestNode.now() + 1, 500));
      agent.say(measured(TestNode.now() + 3600, 600));
      assertThat(agent.resultAnswer().getRefused().toString()).contains("speed.measuredAt");
      job = submit();
      agent.signLease();
      result = run(agent, agent.takeRun());
      // when
      accept(job, result);
      var told = watch(job, "");
      // then
      assertThat(told).extracting(JobEvent::getEventCase)
          .filteredOn(kind -> kind != JobEvent.EventCase.LOG && kind != JobEvent.EventCase.PROGRESS)
          .containsExactly(JobEvent.EventCase.SUBMITTED, JobEvent.EventCase.MATCHED, JobEvent.EventCase.ESCROWED,
              JobEvent.EventCase.STARTED, JobEvent.EventCase.RESULT, JobEvent.EventCase.ACCEPTED,
              JobEvent.EventCase.PAID, JobEvent.EventCase.ENDED);
      assertThat(output(told)).isEqualTo(STDOUT);
      assertThat(told).filteredOn(event -> !event.hasProgress()).extracting(JobEvent::getCursor)
          .doesNotHaveDuplicates();
    }
    node.restart();
    var again = watch(job, "");
    assertThat(again).extracting(JobEvent::getEventCase).filteredOn(kind -> kind != JobEvent.EventCase.LOG).hasSize(8);
    assertThat(output(again)).isEqualTo(STDOUT);
    var rest = again.subList(3, again.size());
    assertThat(watch(job, again.get(2).getCursor())).extracting(JobEvent::getCursor)
        .isEqualTo(rest.stream().map(JobEvent::getCursor).toList());
    assertShown(job, result);
  }

  private void assertEarned() {
    var earned = node.market(provider).getEarnings(GetEarningsRequest.getDefaultInstance());
    assertThat(earned.getTotal()).isEqualTo(Earnings.Sum.newBuilder().setPaidDeals(1).setPaid(1).build());
    assertThat(earned.getDaysList()).singleElement().extracting(Earnings.Day::getSum).isEqualTo(earned.getTotal());
    assertThat(earned.getModulesList()).singleElement().extracting(Earnings.Module::getName).isEqualTo("test:v1");
    var others = node.market(creator).getEarnings(GetEarningsRequest.newBuilder().setDays(366).build());
    assertThat(others.getTotal()).isEqualTo(Earnings.Sum.getDefaultInstance());
    assertThatThrownBy(() -> node.market(creator).getEarnings(GetEarningsRequest.newBuilder().setDays(367).build()))
        .hasMessageContaining("367");
  }

  private void assertShown(JobId job, Result result) {
    var get = GetJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build();
    await().atMost(Duration.ofMinutes(1)).until(() -> node.market(creator).getJob(get).getDeal().hasSpeed());
    var shown = node.market(creator).getJob(get);
    assertThat(shown.getPhase()).isEqualTo("Done");
    assertThat(shown.getModule()).isEqualTo("test:v1");
    assertThat(shown.getDeal().getSettled()).isTrue();
    assertThat(shown.getDeal().getPaid()).isEqualTo(1);
    assertThat(shown.getDeal().getPaidAt()).isPositive();
    assertThat(shown.getDeal().getReport().getExitCode()).isEqualTo(7);
    assertThat(shown.getDeal().getSpeed().getSha256MibPerSecond()).as("one measurement a minute").isEqualTo(400);
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
      assertEarned();
      assertThat(node.market(creator).listJobs(ListJobsRequest.newBuilder().setPhase("Done").build()).getJobsList())
          .containsExactly(shown);
    });
    var blocks = node.market(creator).getResult(
        GetResultRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build());
    assertThat(blocks.next().getCid().substring(4)).isEqualTo(ApiWire.bytes(result.commitment()));
    assertThat(node.market(provider).getBalance(GetBalanceRequest.getDefaultInstance()).getFree())
        .isEqualTo(Lp.of(100).gwei() + 1);
  }
}
