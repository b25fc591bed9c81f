package network.lilypad.chain.evm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OnAnvil.class)
final class OnChainJobCreatorTest {
  private static final Bytes32 ROOT = Keccak256.hash("result");
  private static final int DONE = 3;
  private static final int FAILED = 4;

  private final Evm evm;
  private final OnChainJobs jobs;
  private final Contract creator;
  private final Address anybody;
  private final Address runner;

  OnChainJobCreatorTest(Evm evm) {
    this.evm = evm;
    jobs = new OnChainJobs(evm);
    creator = jobs.creator;
    anybody = evm.account(7);
    runner = jobs.runner.address();
  }

  private Receipt complete(BigInteger id, Bytes32 root) {
    return creator.send(anybody, "complete", id, root, OnChainJobs.COST);
  }

  private void collected(BigInteger id) {
    evm.pass(OnChainJobs.WITHDRAWAL_DELAY);
    creator.send(anybody, "collect", id);
  }

  @Test void a_contract_gets_its_result_and_what_was_not_spent() {
    var client = jobs.client("RecordingClient");
    var id = jobs.asked(client);
    jobs.carriedOut(id, ROOT);
    complete(id, ROOT);
    assertThat(client.call("resultOf", id)).containsExactly(ROOT);
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET - OnChainJobs.COST);
    assertThat(jobs.status(id)).isEqualTo(DONE);
  }

  @Test void a_person_can_ask_too_and_name_who_gets_the_rest() {
    jobs.mint(anybody, OnChainJobs.BUDGET);
    jobs.token.send(anybody, "approve", creator, BigInteger.TWO.pow(200));
    var request = new ArrayList<>(jobs.request());
    request.set(6, evm.account(8));
    var id = (BigInteger) creator.event(creator.send(anybody, "runJob", request), "JobRequested").get("id");
    creator.send(anybody, "refund", id);
    collected(id);
    assertThat(jobs.tokens(evm.account(8))).isEqualTo(OnChainJobs.BUDGET);
  }

  /// Defect of the predecessor: the result was kept under another key than it was asked for by, and lost.
  @Test void a_result_is_found_under_the_number_that_was_returned_and_is_a_content_id() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    jobs.carriedOut(id, ROOT);
    complete(id, ROOT);
    assertThat(creator.call("resultCid", id)).containsExactly(Cid.ofDirectory(ROOT).toString());
    assertThat(jobs.job(id, 10)).isEqualTo(ROOT);
    assertThat(jobs.job(id, 11)).isEqualTo(OnChainJobs.COST);
  }

  /// Defect of the predecessor: a second job at the same time orphaned the first.
  @Test void jobs_at_the_same_time_keep_their_money_and_results_apart() {
    var client = jobs.client("RecordingClient");
    var first = jobs.asked(client);
    var second = jobs.asked(client);
    var third = jobs.asked(client);
    var roots = List.of(Keccak256.hash("one"), Keccak256.hash("two"));
    jobs.carriedOut(second, roots.get(1));
    jobs.carriedOut(first, roots.get(0));
    assertThat(creator.refusal(anybody, "complete", first, roots.get(1), OnChainJobs.COST).name())
        .isEqualTo("NotTheResult");
    complete(first, roots.get(0));
    complete(second, roots.get(1));
    assertThat(client.call("resultOf", first)).containsExactly(roots.get(0));
    assertThat(client.call("resultOf", second)).containsExactly(roots.get(1));
    assertThat(jobs.free(jobs.account(third))).isEqualTo(OnChainJobs.BUDGET);
  }

  /// Defect of the predecessor: who paid for a job that never ran saw its money no more.
  @Test void whoever_waited_in_vain_gets_everything_back() {
    var client = jobs.client("RecordingClient");
    var id = jobs.asked(client);
    jobs.posted(id);
    assertThat(creator.refusal(anybody, "refund", id).name()).isEqualTo("NotAllowed");
    evm.pass(OnChainJobs.PATIENCE + 1);
    creator.send(anybody, "refund", id);
    assertThat(client.call("failed", id)).containsExactly(true);
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET);
    assertThat(jobs.status(id)).isEqualTo(FAILED);
  }

  @Test void a_silent_providers_slash_goes_to_the_requester() {
    var client = jobs.client("RecordingClient");
    var id = jobs.asked(client);
    var offer = jobs.posted(id);
    evm.send(jobs.opening(offer, 1));
    jobs.silent(offer, 1);
    creator.send(runner, "refund", id);
    collected(id);
    assertThat(jobs.tokens(client.address())).isGreaterThan(10 * OnChainJobs.BUDGET);
  }

  @Test void a_request_gets_another_offer_after_a_deal_that_came_to_nothing() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var offer = withDelivery(jobs.offer(id), OnChainJobs.PATIENCE / 8);
    creator.send(runner, "post", id, OnChainJobs.struct(offer));
    evm.send(jobs.opening(offer, 1));
    jobs.silent(offer, 1);
    var again = jobs.offer(id);
    creator.send(runner, "post", id, OnChainJobs.struct(again));
    evm.send(jobs.opening(again, 1));
    jobs.paid(again, 1, ROOT);
    complete(id, ROOT);
    assertThat(jobs.status(id)).isEqualTo(DONE);
  }

  private JobOffer withDelivery(JobOffer o, long seconds) {
    return new JobOffer(o.creator(), o.acceptor(), o.solver(), o.market(), o.target(), o.panel(), o.work(),
        o.maxPrice(), o.maxFee(), o.minCollateral(), o.verification(), o.maxAttempts(), o.reviewSeconds(),
        o.validUntil(), evm.now() + seconds, o.nonce(), o.extra());
  }

  @Test void nothing_is_refunded_while_a_deal_is_live_or_after_one_was_paid() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var offer = jobs.posted(id);
    evm.send(jobs.opening(offer, 1));
    assertThat(creator.refusal(runner, "refund", id).name()).isEqualTo("DealStands");
    assertThat(creator.refusal(runner, "post", id, OnChainJobs.struct(offer)).name()).isEqualTo("DealStands");
    jobs.paid(offer, 1, ROOT);
    evm.pass(OnChainJobs.PATIENCE);
    assertThat(creator.refusal(anybody, "refund", id).name()).isEqualTo("DealStands");
    complete(id, ROOT);
  }

  @Test void an_offer_withdrawn_by_refund_opens_no_deal_in_either_way() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var offer = jobs.posted(id);
    creator.send(runner, "refund", id);
    for (var tx : List.of(jobs.opening(offer, 1), jobs.openingAndPaying(offer, ROOT))) {
      var refusal = catchThrowableOfType(Reverted.class, () -> evm.send(tx));
      assertThat(refusal.name()).isEqualTo("BadSignature");
    }
  }

  @Test void only_what_the_controller_paid_for_is_a_result() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    jobs.carriedOut(id, ROOT);
    var other = Keccak256.hash("another result");
    assertThat(creator.refusal(runner, "complete", id, other, OnChainJobs.COST).name()).isEqualTo("NotTheResult");
    assertThat(creator.refusal(runner, "complete", id, ROOT, OnChainJobs.COST - 1).name()).isEqualTo("NotTheResult");
    complete(id, ROOT);
    assertThat(creator.refusal(runner, "complete", id, ROOT, OnChainJobs.COST).name()).isEqualTo("WrongStatus");
  }

  static Stream<String> strayOffers() {
    return Stream.of("creator", "acceptor", "module", "inputs", "budget", "validUntil", "deliverBy", "reviewSeconds");
  }

  @ParameterizedTest
  @MethodSource("strayOffers") void the_runner_cannot_offer_what_was_not_asked_for(String field) {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var other = jobs.asked(jobs.client("RecordingClient"));
    var struct = new ArrayList<>(OnChainJobs.struct(jobs.offer(id)));
    var work = new ArrayList<>((List<?>) struct.get(6));
    long late = evm.now() + 2 * OnChainJobs.PATIENCE;
    switch (field) {
      case "creator" -> struct.set(0, jobs.account(other));
      case "acceptor" -> struct.set(1, anybody);
      case "module" -> struct.set(6, replaced(work, 1));
      case "inputs" -> struct.set(6, replaced(work, 2));
      case "budget" -> struct.set(7, Lp.gwei(OnChainJobs.BUDGET + 1));
      case "validUntil" -> struct.set(13, late);
      case "deliverBy" -> struct.set(14, late);
      default -> struct.set(12, 86_401);
    }
    var refusal = creator.refusal(runner, "post", id, struct);
    assertThat(refusal.name()).isEqualTo("Mismatch");
    assertThat(new String(((Bytes32) refusal.arguments().getFirst()).bytes(), US_ASCII)
        .trim()).isEqualTo(field);
  }

  private static List<Object> replaced(List<?> work, int index) {
    var changed = new ArrayList<Object>(work);
    changed.set(index, Keccak256.hash("something else"));
    return changed;
  }

  @Test void nobody_but_the_runner_posts_and_nobody_but_the_owner_changes_the_runner() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var struct = OnChainJobs.struct(jobs.offer(id));
    assertThat(creator.refusal(anybody, "post", id, struct).name()).isEqualTo("NotAllowed");
    assertThat(creator.refusal(anybody, "changeRunner", anybody).name()).isEqualTo("OwnableUnauthorizedAccount");
    creator.send(jobs.owner, "changeRunner", anybody);
    assertThat(creator.refusal(runner, "post", id, struct).name()).isEqualTo("NotAllowed");
  }

  @Test void an_account_obeys_and_signs_for_its_creator_contract_alone() {
    var id = jobs.asked(jobs.client("RecordingClient"));
    var account = evm.contract("JobAccount", jobs.account(id));
    assertThat(account.refusal(runner, "approve", ROOT).name()).isEqualTo("NotHub");
    assertThat(account.refusal(runner, "requestWithdrawal", 1).name()).isEqualTo("NotHub");
    assertThat(account.refusal(runner, "withdraw", runner).name()).isEqualTo("NotHub");
    assertThat((byte[]) account.call("isValidSignature", Bytes32.ZERO, new byte[0]).getFirst())
        .isEqualTo(new byte[]{-1, -1, -1, -1});
    assertThat((byte[]) account.call("isValidSignature", ROOT, new byte[0]).getFirst())
        .isEqualTo(new byte[]{-1, -1, -1, -1});
  }

  @ParameterizedTest
  @ValueSource(strings = {"RevertingClient",
      "BurningClient"}) void a_client_that_cannot_be_called_blocks_neither_its_result_nor_its_money(String name) {
    var client = jobs.client(name);
    var id = jobs.asked(client);
    jobs.carriedOut(id, ROOT);
    var delivered = creator.event(complete(id, ROOT), "Delivered");
    assertThat(delivered.get("succeeded")).isEqualTo(false);
    assertThat(creator.call("resultCid", id)).containsExactly(Cid.ofDirectory(ROOT).toString());
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET - OnChainJobs.COST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RevertingClient", "BurningClient"}) void a_client_that_cannot_be_called_does_not_block_its_refund(
          String name) {
    var client = jobs.client(name);
    var id = jobs.asked(client);
    creator.send(runner, "refund", id);
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET);
  }

  @Test void a_client_that_was_sick_is_called_again_once_it_is_well_and_only_once() {
    var client = jobs.client("RevertingClient");
    var id = jobs.asked(client);
    jobs.carriedOut(id, ROOT);
    complete(id, ROOT);
    client.send(anybody, "cure");
    creator.send(anybody, "redeliver", id);
    assertThat(client.call("resultOf", id)).containsExactly(ROOT);
    assertThat(creator.refusal(anybody, "redeliver", id).name()).isEqualTo("WrongStatus");
  }

  @Test void a_client_that_answers_with_a_heap_of_bytes_costs_no_more_than_its_gas() {
    var id = jobs.asked(jobs.client("ChattyClient"));
    jobs.carriedOut(id, ROOT);
    assertThat(complete(id, ROOT).gasUsed()).isLessThan(1_200_000);
  }

  @Test void a_client_that_comes_back_gains_nothing_and_may_ask_for_the_next_job() {
    var client = jobs.client("ReentrantClient");
    client.send(anybody, "prepare", jobs.request());
    var id = jobs.asked(client);
    jobs.carriedOut(id, ROOT);
    assertThat(creator.event(complete(id, ROOT), "Delivered").get("succeeded")).isEqualTo(true);
    assertThat(client.call("broken")).containsExactly(BigInteger.ZERO);
    assertThat(client.call("calls")).containsExactly(BigInteger.ONE);
    assertThat(client.call("next")).containsExactly(id.add(BigInteger.ONE));
    assertThat(jobs.free(jobs.account(id.add(BigInteger.ONE)))).isEqualTo(OnChainJobs.BUDGET);
  }

  @Test void a_stranger_who_feeds_an_ended_account_delays_no_refund() {
    var client = jobs.client("RecordingClient");
    var id = jobs.asked(client);
    creator.send(runner, "refund", id);
    evm.pass(OnChainJobs.WITHDRAWAL_DELAY / 2);
    jobs.mint(jobs.provider.address(), 1);
    jobs.controller.send(jobs.provider.address(), "deposit", jobs.account(id), 1);
    assertThat(creator.refusal(anybody, "collect", id).name()).isEqualTo("NothingDue");
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET);
    creator.send(anybody, "collect", id);
    collected(id);
    assertThat(jobs.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET + 1);
    assertThat(creator.refusal(anybody, "collect", id).name()).isEqualTo("NothingDue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"module", "long module", "many inputs", "long inputs", "budget", "deadline",
      "far deadline"}) void a_request_out_of_bounds_is_refused(String what) {
    jobs.mint(anybody, OnChainJobs.BUDGET);
    jobs.token.send(anybody, "approve", creator, BigInteger.TWO.pow(200));
    var request = new ArrayList<>(jobs.request());
    switch (what) {
      case "module" -> request.set(0, "");
      case "long module" -> request.set(0, "m".repeat(257));
      case "many inputs" -> request.set(1, Collections.nCopies(33, "a=b"));
      case "long inputs" -> request.set(1, List.of("i".repeat(4097)));
      case "budget" -> request.set(4, 0);
      case "deadline" -> request.set(5, evm.now());
      default -> request.set(5, evm.now() + 31 * 86_400);
    }
    assertThat(creator.refusal(anybody, "runJob", request).name()).isEqualTo("Malformed");
  }

  @Test void the_example_lets_a_cow_speak_and_keeps_where_its_words_are() {
    var cow = evm.deploy("ExampleClient", creator);
    jobs.mint(anybody, OnChainJobs.BUDGET);
    jobs.token.send(anybody, "approve", cow, BigInteger.TWO.pow(200));
    var asked = creator.event(cow.send(anybody, "cowsay", "moo", OnChainJobs.BUDGET), "JobRequested");
    var id = (BigInteger) asked.get("id");
    assertThat(((List<?>) asked.get("request")).get(1)).isEqualTo(List.of("Message=moo"));
    jobs.carriedOut(id, ROOT);
    complete(id, ROOT);
    assertThat(cow.call("said", id)).containsExactly(Cid.ofDirectory(ROOT).toString());
    assertThat(cow.refusal(anybody, "onJobDone", id, ROOT, ROOT).name()).isEqualTo("NotTheJobCreator");
    collected(id);
    assertThat(jobs.tokens(anybody)).isEqualTo(OnChainJobs.BUDGET - OnChainJobs.COST);
  }

  @Test void what_arrives_is_the_budget_when_the_token_keeps_a_fee() {
    var odd = new OnChainJobs(evm, "FeeToken");
    var id = odd.asked(odd.client("RecordingClient"));
    assertThat(odd.job(id, 6)).isEqualTo(odd.free(odd.account(id)));
    assertThat((Long) odd.job(id, 6)).isLessThan(OnChainJobs.BUDGET);
  }

  @Test void a_token_with_a_hook_finds_no_way_back_in() {
    var odd = new OnChainJobs(evm, "HookToken");
    var client = odd.client("RecordingClient");
    odd.token.send(anybody, "hook", odd.creator, odd.creator.tx(anybody, "collect", 1).data());
    var id = odd.asked(client);
    odd.creator.send(odd.runner.address(), "refund", id);
    evm.pass(OnChainJobs.WITHDRAWAL_DELAY);
    odd.creator.send(anybody, "collect", id);
    assertThat(odd.token.call("reentered")).containsExactly(false);
    assertThat(odd.tokens(client.address())).isEqualTo(10 * OnChainJobs.BUDGET);
  }

  @Test void every_root_is_written_as_the_content_id_that_everybody_else_writes() {
    var text = evm.deploy("ContentIds");
    for (int i = 0; i < 20; i++) {
      var root = Keccak256.hash("root " + i);
      assertThat(text.call("toText", root)).containsExactly(Cid.ofDirectory(root).toString());
    }
  }
}
