package network.lilypad.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.CancelJobRequest;
import network.lilypad.protocol.proto.v1.ExplainJobRequest;
import network.lilypad.protocol.proto.v1.FaucetRequest;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetInfoRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.GetResultRequest;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.MissingBlocksRequest;
import network.lilypad.protocol.proto.v1.PutTreeReply;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.SignedWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the public API takes and refuses, over real gRPC against a whole node without providers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MarketServiceTest {
  private static final int UNSETTLED = 3;

  private Path directory;
  private TestNode node;
  private Wallet creator;
  private ByteString spec;

  @BeforeAll void start(@TempDir Path temporary) {
    directory = temporary;
    node = TestNode.start(directory.resolve("data"),
        Map.of("limits.unsettled-jobs", UNSETTLED, "limits.content", "1 MiB", "ledger.faucet-limit", "200"));
    creator = node.funded("creator");
    spec = node.spec(node.put(creator, TestNode.PROGRAM));
  }

  @AfterAll void stop() {
    node.close();
  }

  private JobOffer offer() {
    return node.offer(creator.address(), spec);
  }

  private Job submit(Wallet wallet, JobOffer offer) {
    return node.market(wallet).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(wallet, offer))).build());
  }

  private static Rejection refused(Runnable call) {
    var failure = catchThrowable(call::run);
    assertThat(failure).isNotNull();
    return RejectionStatus.rejection(failure).orElseThrow(() -> new AssertionError(failure));
  }

  private Rejection refusedOffer(UnaryOperator<JobOffer> change) {
    return refused(() -> submit(creator, change.apply(offer())));
  }

  private void cancel(Wallet wallet, JobId job) {
    node.market(wallet).cancelJob(CancelJobRequest.newBuilder()
        .setCancel(SignedWire.toProto(node.sign(wallet, new Cancel(job)))).build());
  }

  private JobId id(JobOffer offer) {
    return node.signatures().jobId(offer);
  }

  private static JobOffer with(JobOffer o, Bytes32 market, Address solver, Work work, long validUntil) {
    return new JobOffer(o.creator(), o.acceptor(), solver, market, o.target(), o.panel(), work, o.maxPrice(),
        o.maxFee(), o.minCollateral(), o.verification(), o.maxAttempts(), o.reviewSeconds(), validUntil, o.deliverBy(),
        o.nonce(), o.extra());
  }

  @Test void anybody_may_ask_what_must_be_signed_and_nothing_else() {
    // given
    var stranger = MarketGrpc.newBlockingStub(node.channel());
    // when
    var info = stranger.getInfo(GetInfoRequest.getDefaultInstance());
    // then
    assertThat(info.getChainId()).isZero();
    assertThat(info.getVerifyingContract()).isEqualTo(ApiWire.bytes(node.facts().domain().verifyingContract()));
    assertThat(info.getMarket()).isEqualTo(ApiWire.bytes(node.facts().market()));
    var failure = catchThrowable(() -> stranger.getBalance(GetBalanceRequest.getDefaultInstance()));
    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(RejectionStatus.rejection(failure)).containsInstanceOf(Rejection.Unauthenticated.class);
  }

  @Test void the_same_offer_twice_is_one_job_and_a_cancelled_one_is_over() {
    // given
    var offer = offer();
    // when
    var first = submit(creator, offer);
    var second = submit(creator, offer);
    // then
    assertThat(second).isEqualTo(first);
    assertThat(first.getPhase()).isEqualTo("Open");
    assertThat(balance(creator).getReserved()).isEqualTo(Lp.of(1).gwei());
    cancel(creator, id(offer));
    awaitEnded(id(offer));
    assertThat(refused(() -> submit(creator, offer))).isInstanceOf(Rejection.JobEnded.class);
    org.awaitility.Awaitility.await().atMost(java.time.Duration.ofMinutes(1))
        .until(() -> balance(creator).getReserved() == 0);
  }

  private network.lilypad.protocol.proto.v1.Balance balance(Wallet wallet) {
    return node.market(wallet).getBalance(GetBalanceRequest.getDefaultInstance());
  }

  private void awaitEnded(JobId job) {
    var events = node.market(creator).watchJob(
        WatchJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build());
    while (events.hasNext()) {
      events.next();
    }
  }

  @Test void an_offer_for_somebody_else_or_another_time_is_refused() {
    // when, then
    assertThat(refusedOffer(o -> with(o, Keccak256.hash("elsewhere"), o.solver(), o.work(), o.validUntil())))
        .isInstanceOf(Rejection.Mismatch.class);
    assertThat(refusedOffer(o -> with(o, o.market(), creator.address(), o.work(), o.validUntil())))
        .isInstanceOf(Rejection.Mismatch.class);
    assertThat(refusedOffer(o -> with(o, o.market(), o.solver(), o.work(), TestNode.now() - 1)))
        .isInstanceOf(Rejection.TooLate.class);
    assertThat(refusedOffer(o -> with(o, o.market(), o.solver(), o.work(), TestNode.now() + 90_000)))
        .isInstanceOf(Rejection.Malformed.class);
  }

  @Test void an_offer_that_its_creator_did_not_sign_in_this_ledgers_domain_is_refused() {
    // given
    var other = TestNode.wallet("other");
    var elsewhere = new Domain(7, Address.ZERO);
    // when, then
    assertThat(refused(() -> submit(other, offer()))).isInstanceOf(Rejection.NotAParty.class);
    assertThat(refused(() -> node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(creator.sign(elsewhere, offer()))).build())))
        .isInstanceOf(Rejection.NotAParty.class);
  }

  @Test void content_that_is_missing_or_other_than_signed_is_refused() {
    // given
    var foreign = node.spec(Keccak256.hash("a program that nobody has stored"));
    var offer = node.offer(creator.address(), foreign);
    // when, then
    assertThat(refused(() -> submit(creator, offer))).isInstanceOf(Rejection.BadContent.class);
    assertThat(refused(() -> node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(foreign)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build()))).isInstanceOf(Rejection.BadContent.class)
        .extracting(Rejection::message).asString().contains("put it first");
    assertThat(refusedOffer(o -> with(o, o.market(), o.solver(), inputs(o.work(), Keccak256.hash("no tree")),
        o.validUntil()))).isInstanceOf(Rejection.BadContent.class);
  }

  private static Work inputs(Work w, Bytes32 inputs) {
    return new Work(w.engine(), w.module(), inputs, w.outputs(), w.resources(), w.runSeconds(), w.network(),
        w.comparator(), w.extra());
  }

  @Test void a_tree_of_inputs_is_taken_once_it_is_whole_and_within_its_bound() throws Exception {
    // given
    var folder = Files.createDirectories(directory.resolve("inputs"));
    Files.writeString(folder.resolve("file"), "input");
    var answer = new TestNode.Answer<PutTreeReply>();
    var blocks = node.marketAsync(creator).putTree(answer);
    var root = TestNode.blocks(folder, (cid, block) -> blocks.onNext(Blocks.block(cid, block)));
    blocks.onCompleted();
    // when
    assertThat(answer.get().getStored()).isEqualTo(2);
    var offer = offer();
    var withInputs = with(offer, offer.market(), offer.solver(), inputs(offer.work(), root), offer.validUntil());
    // then
    assertThat(submit(creator, withInputs).getPhase()).isEqualTo("Open");
    cancel(creator, id(withInputs));
    awaitEnded(id(withInputs));
    // and it is nobody else's
    var nosy = node.funded("nosy inputs");
    node.put(nosy, TestNode.PROGRAM);
    var stolen = node.offer(nosy.address(), spec);
    assertThat(refused(() -> submit(nosy,
        with(stolen, stolen.market(), stolen.solver(), inputs(stolen.work(), root), stolen.validUntil()))).message())
        .contains("import it first");
    assertThat(refusedTree(Block.newBuilder().setCid(ByteString.copyFromUtf8("no cid")).build()))
        .isInstanceOf(Rejection.Malformed.class);
    assertThat(refusedTree(Blocks.block(network.lilypad.protocol.content.Cid.ofDirectory(root), new byte[]{1, 2, 3}))
        .message()).isNotEmpty();
  }

  @Test void what_a_module_needs_and_its_inputs_do_not_have_is_refused_before_money_is_held() throws Exception {
    // given
    var needy = node.funded("needy");
    node.put(needy, TestNode.PROGRAM);
    var folder = Files.createDirectories(directory.resolve("needed"));
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/a.csv"), "1");
    var answer = new TestNode.Answer<PutTreeReply>();
    var blocks = node.marketAsync(needy).putTree(answer);
    var root = TestNode.blocks(folder, (cid, block) -> blocks.onNext(Blocks.block(cid, block)));
    blocks.onCompleted();
    assertThat(answer.get().getStored()).isEqualTo(3);
    var usual = node.offer(needy.address(), spec);
    var with = with(usual, usual.market(), usual.solver(), inputs(usual.work(), root), usual.validUntil());
    // when, then
    for (var missing : List.of("b.csv", "data/b.csv", "data/a.csv/c", "", "/data", "data/")) {
      assertThat(refused(() -> requiring(needy, with, List.of("data/a.csv", missing))).message()).as(missing)
          .isEqualTo("inputs " + root + ": input file " + missing + " is missing, the module needs it");
    }
    assertThat(refused(() -> requiring(needy, usual, List.of("data")))).isInstanceOf(Rejection.BadContent.class);
    assertThat(refused(() -> requiring(needy, with, Collections.nCopies(101, "data"))))
        .isInstanceOf(Rejection.TooLarge.class);
    assertThat(refused(() -> requiring(needy, with, List.of("x".repeat(4097))))).isInstanceOf(Rejection.TooLarge.class);
    assertThat(balance(needy).getReserved()).isZero();
    assertThat(requiring(needy, with, Collections.nCopies(100, "data/a.csv")).getPhase()).isEqualTo("Open");
  }

  private Job requiring(Wallet by, JobOffer offer, List<String> paths) {
    return node.market(by).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(by, offer))).addAllRequiredInputs(paths).build());
  }

  private Rejection refusedTree(Block block) {
    var answer = new TestNode.Answer<PutTreeReply>();
    var blocks = node.marketAsync(TestNode.wallet("tree")).putTree(answer);
    blocks.onNext(block);
    blocks.onCompleted();
    return refused(() -> {
      try {
        answer.get();
      } catch (java.util.concurrent.CompletionException e) {
        throw (RuntimeException) e.getCause();
      }
    });
  }

  @Test void a_creator_without_money_or_with_too_many_unsettled_jobs_is_refused() {
    // given
    var poor = TestNode.wallet("poor");
    var busy = node.funded("busy");
    node.put(poor, TestNode.PROGRAM);
    node.put(busy, TestNode.PROGRAM);
    // when, then
    assertThat(refused(() -> submit(poor, node.offer(poor.address(), spec))))
        .isInstanceOf(Rejection.InsufficientFunds.class);
    for (int i = 0; i < UNSETTLED; i++) {
      submit(busy, node.offer(busy.address(), spec));
    }
    assertThat(refused(() -> submit(busy, node.offer(busy.address(), spec))))
        .isInstanceOf(Rejection.Overloaded.class);
    assertThat(balance(busy).getReserved()).isEqualTo(Lp.of(UNSETTLED).gwei());
  }

  @Test void who_knows_only_the_name_of_somebodys_program_cannot_run_it_and_hears_that_it_is_missing() {
    // given
    var nosy = node.funded("nosy");
    var digest = ApiWire.bytes(JobSpecWire.decode(spec).image());
    var question = MissingBlocksRequest.newBuilder().addDigests(digest).build();
    // when, then
    assertThat(node.market(creator).missingBlocks(question).getMissingList()).isEmpty();
    assertThat(node.market(nosy).missingBlocks(question).getMissingList()).containsExactly(digest);
    assertThat(refused(() -> submit(nosy, node.offer(nosy.address(), spec)))).isInstanceOf(Rejection.BadContent.class);
  }

  @Test void jobs_are_listed_newest_first_in_pages_and_only_to_their_creator() {
    // given
    var lister = node.funded("lister");
    node.put(lister, TestNode.PROGRAM);
    for (int i = 0; i < UNSETTLED; i++) {
      submit(lister, node.offer(lister.address(), spec));
    }
    // when
    var first = node.market(lister).listJobs(ListJobsRequest.newBuilder().setPageSize(2).setPhase("Open").build());
    var second = node.market(lister).listJobs(
        ListJobsRequest.newBuilder().setPageSize(2).setCursor(first.getNextCursor()).build());
    // then
    assertThat(first.getJobsList()).hasSize(2);
    assertThat(second.getJobsList()).hasSize(1).doesNotContainAnyElementsOf(first.getJobsList());
    assertThat(second.getNextCursor()).isEmpty();
    var whole = node.market(lister).listJobs(ListJobsRequest.newBuilder().setPageSize(3).setPhase("Open").build());
    assertThat(whole.getJobsList()).hasSize(3);
    assertThat(whole.getNextCursor()).as("a full last page leads nowhere").isEmpty();
    assertThat(node.market(lister).listJobs(
        ListJobsRequest.newBuilder().setPageSize(1).setPhase("Claimed").build())).isEqualTo(
            ListJobsReply.getDefaultInstance());
    var job = first.getJobs(0).getJob();
    assertThat(node.market(lister).getJob(GetJobRequest.newBuilder().setJob(job).build()).getPhase())
        .isEqualTo("Open");
    var stranger = node.market(TestNode.wallet("stranger"));
    assertThat(stranger.listJobs(ListJobsRequest.getDefaultInstance()).getJobsList()).isEmpty();
    assertThat(refused(() -> stranger.getJob(GetJobRequest.newBuilder().setJob(job).build())))
        .isInstanceOf(Rejection.NotFound.class);
    assertThat(refused(() -> stranger.watchJob(WatchJobRequest.newBuilder().setJob(job).build()).hasNext()))
        .isInstanceOf(Rejection.NotFound.class);
    assertThat(refused(() -> stranger.getResult(GetResultRequest.newBuilder().setJob(job).build()).hasNext()))
        .isInstanceOf(Rejection.NotFound.class);
    assertThat(refused(() -> cancel(TestNode.wallet("stranger"), new JobId(Bytes32.of(job.toByteArray())))))
        .isInstanceOf(Rejection.NotFound.class);
    assertThat(refused(() -> node.market(lister).listJobs(
        ListJobsRequest.newBuilder().setCursor("nonsense").build()))).isInstanceOf(Rejection.Malformed.class);
    var explained = node.market(lister).explainJob(ExplainJobRequest.newBuilder().setJob(job).build());
    assertThat(explained.getMachines()).isZero();
    assertThat(explained.getAdviceList()).isNotEmpty();
  }

  @Test void the_faucet_gives_once_for_a_number_and_never_above_its_limit() {
    // given
    var thirsty = node.market(TestNode.wallet("thirsty"));
    var request = FaucetRequest.newBuilder().setAmount(Lp.of(5).gwei()).setNonce(9).build();
    // when
    thirsty.faucet(request);
    var balance = thirsty.faucet(request);
    // then
    assertThat(balance.getFree()).isEqualTo(Lp.of(5).gwei());
    assertThat(refused(() -> thirsty.faucet(FaucetRequest.newBuilder().setAmount(Lp.of(201).gwei()).build())))
        .isInstanceOfSatisfying(Rejection.TooLarge.class,
            why -> assertThat(why.message()).isEqualTo("faucet: 201 LP (expected: at most 200 LP)"));
    assertThat(refused(() -> thirsty.faucet(FaucetRequest.getDefaultInstance())))
        .isInstanceOf(Rejection.Malformed.class);
  }
}
