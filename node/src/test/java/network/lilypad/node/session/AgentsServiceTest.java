package network.lilypad.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import network.lilypad.protocol.proto.v1.ExplainJobRequest;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.proto.v1.Standing;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.up.ScriptedAgent;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Beat;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.CancelJobRequest;
import network.lilypad.protocol.proto.v1.Close;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.LeaseDeclined;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.RejectionWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The session's grammar and refusals, with a scripted agent over a real stream against a whole node.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentsServiceTest {
  private Path directory;
  private TestNode node;
  private Wallet creator;

  @BeforeAll void start(@TempDir Path temporary) {
    directory = temporary;
    node = TestNode.start(directory.resolve("data"), Map.of());
    creator = node.funded("creator");
  }

  @AfterAll void stop() {
    node.close();
  }

  private Close closed(ScriptedAgent agent) {
    return agent.await(GatewayMessage.MessageCase.CLOSE).getClose();
  }

  private JobId submit(Address target) {
    return submit(target, NetworkPolicy.NONE);
  }

  private JobId submit(Address target, NetworkPolicy network) {
    var spec = node.spec(node.put(creator, TestNode.PROGRAM));
    var o = node.offer(creator.address(), spec);
    var w = o.work();
    var work = new Work(w.engine(), w.module(), w.inputs(), w.outputs(), w.resources(), w.runSeconds(), network,
        w.comparator(), w.extra());
    var offer = new network.lilypad.protocol.value.JobOffer(o.creator(), o.acceptor(), o.solver(), o.market(), target,
        o.panel(), work, o.maxPrice(), o.maxFee(), o.minCollateral(), o.verification(), o.maxAttempts(),
        o.reviewSeconds(), o.validUntil(), o.deliverBy(), o.nonce(), o.extra());
    node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build());
    return node.signatures().jobId(offer);
  }

  private static Rejection why(ResultAnswer answer) {
    assertThat(answer.hasRefused()).isTrue();
    return RejectionWire.fromProto(answer.getRefused());
  }

  @Test void a_session_begins_with_an_introduction() {
    // given
    try (var agent = new ScriptedAgent(node, TestNode.wallet("rude"))) {
      assertThat(agent.challenge().getInfo().getSolver()).isEqualTo(ApiWire.bytes(node.facts().solver()));
      // when
      agent.say(AgentMessage.newBuilder().setBeat(Beat.getDefaultInstance()));
      // then
      assertThat(closed(agent).getRetry()).isFalse();
    }
  }

  @Test void a_proof_for_another_challenge_opens_nothing() {
    // given
    var provider = TestNode.wallet("replayer");
    try (var first = new ScriptedAgent(node, provider); var second = new ScriptedAgent(node, provider)) {
      var stolen = first.hello(first.challenge(), node.machine(provider, "m"), 1).build();
      second.challenge();
      // when
      second.say(stolen);
      // then
      assertThat(closed(second).getReason()).contains("1021").contains("challenge");
    }
  }

  @Test void an_offer_for_another_solver_or_signed_by_another_opens_nothing() {
    // given
    var provider = TestNode.wallet("lost");
    var offer = node.machine(provider, "m");
    var foreign = new ResourceOffer(offer.provider(), offer.agent(), provider.address(), offer.market(),
        offer.machine(), 1, offer.panels(), offer.capacity(), offer.askPerGpuSecond(), offer.askPerCoreSecond(),
        offer.maxCollateral(), offer.maxReviewSeconds(), offer.validUntil(), offer.extra());
    // when, then
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.say(agent.hello(agent.challenge(), foreign, 1).build());
      assertThat(closed(agent).getReason()).contains("1018").contains("solver");
    }
    try (var agent = new ScriptedAgent(node, TestNode.wallet("thief"))) {
      agent.say(agent.hello(agent.challenge(), offer, 1).build());
      assertThat(closed(agent).getReason()).contains("1002");
    }
  }

  @Test void a_silent_session_is_lost_after_five_seconds_and_the_machine_may_come_back() throws Exception {
    // given
    var provider = node.funded("sleeper");
    var offer = node.machine(provider, "m");
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(offer, 1);
      // when
      agent.fallSilent();
      // then
      var close = closed(agent);
      assertThat(close.getReason()).contains("nothing heard for 5 s");
      assertThat(close.getRetry()).isTrue();
    }
    try (var agent = new ScriptedAgent(node, provider)) {
      assertThat(agent.introduce(offer, 2).getKillCount()).isZero();
    }
  }

  @Test void a_machine_that_is_drained_or_has_lost_too_much_is_asked_for_no_lease_until_it_says_otherwise() {
    // given
    var provider = node.funded("gardener");
    var offer = node.machine(provider, "m");
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(offer, 1);
      // when
      agent.say(standing(offer.capacity(), true));
      submit(provider.address());
      // then
      assertThat(agent.isAskedToSign(Duration.ofSeconds(1))).isFalse();
      agent.say(standing(Resources.NONE, false));
      assertThat(agent.isAskedToSign(Duration.ofSeconds(1))).isFalse();
      agent.say(standing(offer.capacity(), false));
      agent.signLease();
    }
  }

  /// What an owner lets run, and the rule at which a job falls that needs a bit more than that.
  private record Limited(MachineLimits limits, String rule, String nearest) {}

  @Test void what_its_owner_does_not_let_run_a_machine_is_never_asked_for_until_it_comes_back_with_more() {
    // a job of 60 s on one core with network HTTP, at 0.001 LP for a second
    for (var limited : List.of(
        new Limited(new MachineLimits(NetworkPolicy.NONE, 60, Lp.parse("0.06")), "network policy",
            "wanted network HTTP, found at most NONE"),
        new Limited(new MachineLimits(NetworkPolicy.HTTP, 59, Lp.parse("0.06")), "run time",
            "wanted 60 s, found at most 59 s"),
        new Limited(new MachineLimits(NetworkPolicy.HTTP, 60, Lp.parse("0.060000001")), "provider's lowest price",
            "costs 0.06 LP, the provider signs for 0.060000001 LP or more"))) {
      var provider = node.funded("strict " + limited.rule);
      var offer = node.machine(provider, "m");
      JobId job;
      try (var agent = new ScriptedAgent(node, provider)) {
        agent.introduce(offer, 1, limited.limits);
        // when
        job = submit(provider.address(), NetworkPolicy.HTTP);
        // then
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
          assertThat(agent.isAskedToSign(Duration.ofMillis(100))).isFalse();
          assertThat(nearest(job, limited.rule)).isEqualTo(limited.nearest);
        });
        assertThat(agent.isAskedToSign(Duration.ofSeconds(1))).isFalse();
      }
      try (var agent = new ScriptedAgent(node, provider)) {
        agent.introduce(offer, 2, new MachineLimits(NetworkPolicy.HTTP, 60, Lp.parse("0.06")));
        assertThat(agent.signLease().getLease().getJob()).isEqualTo(ApiWire.bytes(job.digest()));
        assertThat(agent.takeRun().getLease().getLease().getAttempt()).isEqualTo(1);
      }
    }
  }

  /// What the market says of the one machine that the job is for.
  private String nearest(JobId job, String rule) {
    var explained = node.market(creator).explainJob(
        ExplainJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build());
    assertThat(explained.getMatching()).isZero();
    return explained.getFiltersList().stream().filter(fallen -> fallen.getRule().equals(rule)).findFirst()
        .map(Explanation.FallenAt::getNearest).orElse(explained.toString());
  }

  @Test void what_a_machine_cannot_say_of_itself_is_refused_by_name() {
    // given
    var provider = node.funded("boaster");
    var offer = node.machine(provider, "m");
    var future = MachineSpeed.newBuilder().setMeasuredAt(TestNode.now() + 3600);
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.say(agent.hello(agent.challenge(), offer, 1).setSpeed(future).build());
      assertThat(closed(agent).getReason()).contains("speed.measuredAt");
    }
    try (var agent = new ScriptedAgent(node, provider)) {
      var limits = network.lilypad.protocol.proto.v1.MachineLimits.newBuilder().setMaxRunSeconds(0);
      agent.say(agent.hello(agent.challenge(), offer, 2).setLimits(limits).build());
      assertThat(closed(agent).getReason()).contains("limits.maxRunSeconds");
    }
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(offer, 3);
      // when
      agent.say(AgentMessage.newBuilder().setStanding(Standing.newBuilder().setSpeed(
          MachineSpeed.newBuilder().setMeasuredAt(TestNode.now()).setSyncMicros(-1))));
      // then
      assertThat(why(agent.resultAnswer())).isEqualTo(new Rejection.Malformed("speed.syncMicros",
          "18446744073709551615", "at most 9223372036854775807"));
    }
  }

  private static AgentMessage.Builder standing(Resources found, boolean draining) {
    return AgentMessage.newBuilder().setStanding(
        Standing.newBuilder().setInventory(ValuesWire.toProto(found)).setDraining(draining));
  }

  @Test void the_younger_session_of_a_machine_takes_over() {
    // given
    var provider = node.funded("twin");
    var offer = node.machine(provider, "m");
    try (var old = new ScriptedAgent(node, provider); var young = new ScriptedAgent(node, provider)) {
      old.introduce(offer, 1);
      // when
      young.introduce(offer, 2);
      // then
      assertThat(closed(old).getReason()).contains("younger");
    }
  }

  @Test void a_run_that_the_market_does_not_know_is_to_be_killed() {
    // given
    var provider = node.funded("zombie");
    var unknown = DealRef.newBuilder().setDeal(ApiWire.bytes(Keccak256.hash("no deal"))).setEpoch(7).build();
    try (var agent = new ScriptedAgent(node, provider)) {
      // when
      var reconcile = agent.introduce(node.machine(provider, "m"), 1, unknown);
      // then
      assertThat(reconcile.getKillList()).containsExactly(unknown);
      agent.say(AgentMessage.newBuilder().setKilled(unknown));
      agent.say(AgentMessage.newBuilder().setStarted(Started.newBuilder().setRun(unknown).setAt(1)));
      assertThat(why(agent.resultAnswer())).isInstanceOf(Rejection.NoLease.class);
    }
  }

  @Test void what_is_stale_not_stored_or_not_its_own_is_refused_and_content_is_for_its_machine_only() throws Exception {
    // given
    var provider = node.funded("honest");
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(node.machine(provider, "m"), 1);
      submit(provider.address());
      agent.signLease();
      var run = agent.takeRun();
      var ref = ScriptedAgent.ref(run);
      var lease = ValuesWire.lease(run.getLease().getLease());
      // when, then: an old epoch
      agent.say(AgentMessage.newBuilder().setStarted(
          Started.newBuilder().setRun(ref.toBuilder().setEpoch(ref.getEpoch() + 1)).setAt(1)));
      assertThat(why(agent.resultAnswer())).isInstanceOf(Rejection.StaleEpoch.class);
      // a result that nobody stored
      var root = Keccak256.hash("no such tree");
      agent.say(AgentMessage.newBuilder().setResultReady(
          agent.signed(new Result(lease.deal(), root, Lp.ZERO, TestNode.now(), TestNode.now()))));
      assertThat(why(agent.resultAnswer())).isInstanceOf(Rejection.BadContent.class);
      // somebody else's deal
      agent.say(AgentMessage.newBuilder().setResultReady(agent.signed(
          new Result(new network.lilypad.protocol.value.DealId(root), root, Lp.ZERO, 1, 1))));
      assertThat(why(agent.resultAnswer())).isInstanceOf(Rejection.NoLease.class);
      // content
      assertThat(blob(provider, ref, TestNode.PROGRAM)).isEqualTo(ByteString.copyFrom(TestNode.PROGRAM));
      assertThat(refusedBlob(TestNode.wallet("spy"), ref)).isInstanceOf(Rejection.NoLease.class);
      assertThat(refusedResult(TestNode.wallet("spy"), ref, true)).isInstanceOf(Rejection.NoLease.class);
      assertThat(refusedResult(provider, ref, false)).isInstanceOf(Rejection.BadContent.class);
    }
  }

  @Test void of_a_cancelled_run_its_machine_leaves_one_tree_for_the_creator_and_nobody_else_any() throws Exception {
    // given
    var provider = node.funded("careful");
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(node.machine(provider, "m"), 1);
      var job = submit(provider.address());
      agent.signLease();
      var ref = ScriptedAgent.ref(agent.takeRun());
      node.market(creator).cancelJob(CancelJobRequest.newBuilder()
          .setCancel(SignedWire.toProto(node.sign(creator, new Cancel(job)))).build());
      agent.say(AgentMessage.newBuilder().setKilled(agent.await(GatewayMessage.MessageCase.KILL).getKill()));
      var get = GetJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build();
      assertThat(node.market(creator).getJob(get).getDeal().getReport().getPartial()).isEqualTo(ByteString.EMPTY);
      // when
      assertThat(refusedResult(TestNode.wallet("spy"), ref, true)).isInstanceOf(Rejection.NoLease.class);
      assertThat(refusedResult(provider, ref, false)).isInstanceOf(Rejection.BadContent.class);
      var root = put(provider, ref, "written", true).get().getRoot();
      // then
      assertThat(node.market(creator).getJob(get).getDeal().getReport().getPartial()).isEqualTo(root);
      assertThat(node.market(creator).getJob(get).getDeal().getResult()).isEqualTo(ByteString.EMPTY);
      var blocks = node.market(creator).getResult(GetResultRequest.newBuilder().setJob(get.getJob()).build());
      assertThat(blocks.next().getCid().substring(4)).isEqualTo(root);
      assertThat(put(provider, ref, "written", true).get().getRoot()).as("again").isEqualTo(root);
      assertThat(rejection(catchThrowable(put(provider, ref, "other", true)::get)))
          .isInstanceOf(Rejection.WrongState.class);
      assertThatThrownBy(() -> node.market(TestNode.wallet("spy")).getJob(get)).hasMessageContaining("NOT_FOUND");
    }
  }

  @Test void an_agent_may_decline_a_lease_with_its_reason() {
    // given
    var provider = node.funded("picky");
    try (var agent = new ScriptedAgent(node, provider)) {
      agent.introduce(node.machine(provider, "m"), 1);
      submit(provider.address());
      var asked = agent.await(GatewayMessage.MessageCase.SIGN_LEASE).getSignLease();
      var deal = ValuesWire.lease(asked.getLease()).deal();
      // when
      agent.say(AgentMessage.newBuilder().setLeaseDeclined(
          LeaseDeclined.newBuilder().setDeal(ApiWire.bytes(deal.digest())).setReason("not today")));
      // then
      var killed = agent.await(GatewayMessage.MessageCase.KILL).getKill();
      agent.say(AgentMessage.newBuilder().setKilled(killed));
      var forgotten = agent.await(GatewayMessage.MessageCase.FORGET).getForget();
      assertThat(forgotten.getDeal()).isEqualTo(ApiWire.bytes(deal.digest())).isEqualTo(killed.getDeal());
    }
  }

  private ByteString blob(Wallet wallet, DealRef deal, byte[] bytes) {
    var digest = network.lilypad.protocol.wire.JobSpecWire.digest(ByteString.copyFrom(bytes));
    var answer = new TestNode.Answer<BlobChunk>();
    node.agents(wallet).getBlob(
        GetBlobRequest.newBuilder().setDeal(deal.getDeal()).setDigest(ApiWire.bytes(digest)).build(), answer);
    return answer.get().getData();
  }

  private Rejection refusedBlob(Wallet wallet, DealRef deal) {
    return rejection(catchThrowable(() -> blob(wallet, deal, TestNode.PROGRAM)));
  }

  /// Sends a result tree, or only half of it.
  private Rejection refusedResult(Wallet wallet, DealRef deal, boolean whole) throws Exception {
    return rejection(catchThrowable(put(wallet, deal, "hello " + wallet.address(), whole)::get));
  }

  private TestNode.Answer<ResultReceipt> put(Wallet wallet, DealRef deal, String stdout, boolean whole)
      throws Exception {
    var receipt = new TestNode.Answer<ResultReceipt>();
    var blocks = node.agents(wallet).putResult(receipt);
    var folder = TestNode.result(Files.createTempDirectory(directory, "result"), stdout);
    var sent = new java.util.ArrayList<ResultBlock.Builder>();
    Bytes32 root = TestNode.blocks(folder,
        (cid, block) -> sent.add(ResultBlock.newBuilder().setBlock(Blocks.block(cid, block))));
    sent.getFirst().setDeal(deal.getDeal()).setRoot(ApiWire.bytes(root));
    sent.subList(0, whole ? sent.size() : sent.size() - 1).forEach(block -> blocks.onNext(block.build()));
    blocks.onCompleted();
    return receipt;
  }

  private static Rejection rejection(Throwable failure) {
    assertThat(failure).isInstanceOf(CompletionException.class);
    return RejectionStatus.rejection(failure.getCause()).orElseThrow(() -> new AssertionError(failure));
  }
}
