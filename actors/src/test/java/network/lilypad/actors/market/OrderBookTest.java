package network.lilypad.actors.market;

import static network.lilypad.actors.market.Market.H100;
import static network.lilypad.actors.market.Market.LARGE;
import static network.lilypad.actors.market.Market.LATER;
import static network.lilypad.actors.market.Market.MODULE;
import static network.lilypad.actors.market.Market.NOON;
import static network.lilypad.actors.market.Market.cores;
import static network.lilypad.actors.market.Market.entry;
import static network.lilypad.actors.market.Market.gpus;
import static network.lilypad.actors.market.Market.job;
import static network.lilypad.actors.market.Market.machine;
import static network.lilypad.actors.market.Market.offer;
import static network.lilypad.actors.market.Market.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.Test;

class OrderBookTest {
  private final OrderBook book = new OrderBook(new MarketTerms(Lp.ZERO, 0));

  private List<Proposal> match() {
    var proposals = book.match(NOON, Integer.MAX_VALUE);
    book.validate();
    return proposals;
  }

  private static Resources less(int milliCpu) {
    return LARGE.minus(cores(milliCpu));
  }

  @Test void a_job_gets_the_cheapest_machine_at_its_ask_and_the_rest_of_the_machine_stays() {
    // given
    book.list(entry(1, 30));
    book.list(entry(2, 20));
    // when
    book.list(entry(1, offer(cores(8000), 10_000)));
    book.list(entry(2, offer(cores(1000), 10_000)));
    // then: the second job offers more for each core-second, so it is first; then the first no longer fits there
    assertThat(match()).containsExactly(
        new Proposal(job(2), 1, machine(2), Lp.gwei(200), Market.digest(1002)),
        new Proposal(job(1), 1, machine(1), Lp.gwei(2400), Market.digest(1001)));
  }

  @Test void gpu_jobs_compare_gpu_asks_and_core_jobs_core_asks() {
    book.list(entry(Market.machineOffer(machine(1), LARGE, 10, 90), 1, open(1, LARGE)));
    book.list(entry(Market.machineOffer(machine(2), LARGE, 90, 10), 2, open(1, LARGE)));
    book.list(entry(1, offer(gpus(1, H100), 1_000_000)));
    book.list(entry(2, offer(cores(1000), 1_000_000)));
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(1), machine(2));
  }

  @Test void equal_asks_go_by_age_then_by_id() {
    book.list(entry(Market.machineOffer(machine(1), LARGE, 10, 10), 7, open(1, LARGE)));
    book.list(entry(Market.machineOffer(machine(2), LARGE, 10, 10), 3, open(1, LARGE)));
    book.list(entry(Market.machineOffer(machine(3), LARGE, 10, 10), 3, open(1, LARGE)));
    book.list(entry(1, offer(cores(8000), 10_000)));
    book.list(entry(2, offer(cores(8000), 10_000)));
    book.list(entry(3, offer(cores(8000), 10_000)));
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(2), machine(3), machine(1));
  }

  @Test void a_waiting_job_gets_a_machine_that_is_new_cheaper_or_freer() {
    book.list(entry(1, offer(cores(1000), 100)));
    assertThat(match()).isEmpty();
    book.list(entry(1, 11));
    assertThat(match()).isEmpty();
    book.list(entry(Market.machineOffer(machine(2), LARGE, 9, 9), 2, open(1, Resources.NONE)));
    assertThat(match()).isEmpty();
    book.update(machine(2), open(2, LARGE));
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(2));
  }

  @Test void an_old_word_does_not_give_back_what_a_newer_proposal_took() {
    // given: a proposal of all cores
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(8000), 1_000_000)));
    assertThat(match()).hasSize(1);
    book.list(entry(2, offer(cores(8000), 1_000_000)));
    // when: words that do not know of it come, older and newer
    book.update(machine(1), open(1, LARGE));
    book.update(machine(1), open(5, LARGE));
    book.update(machine(1), open(4, LARGE, new Attempt(job(1), 1)));
    // then
    assertThat(match()).isEmpty();
    assertThat(book.proposals()).isEqualTo(1);
    // when: the machine's own figure counts it, and later has it free again
    book.update(machine(1), open(6, less(8000), new Attempt(job(1), 1)));
    assertThat(book.proposals()).isZero();
    assertThat(match()).isEmpty();
    book.update(machine(1), open(7, LARGE));
    assertThat(match()).extracting(Proposal::job).containsExactly(job(2));
  }

  @Test void a_hold_outlives_the_machine_s_entry() {
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(8000), 1_000_000)));
    match();
    book.remove(machine(1), 2);
    book.list(entry(Market.machineOffer(machine(1), LARGE, 1, 1), 1, open(3, LARGE)));
    book.list(entry(2, offer(cores(8000), 1_000_000)));
    assertThat(match()).isEmpty();
    book.refused(job(1), 1, Refusal.JOB);
    assertThat(match()).extracting(Proposal::job).containsExactly(job(2));
  }

  @Test void a_machine_that_refused_is_left_alone_until_it_speaks_again() {
    book.list(entry(1, 1));
    book.list(entry(2, 2));
    book.list(entry(1, offer(cores(1000), 1_000_000)));
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(1));
    book.refused(job(1), 1, Refusal.MACHINE);
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(2));
    book.list(entry(2, offer(cores(1000), 1_000_000)));
    book.update(machine(1), open(2, LARGE));
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(1));
  }

  @Test void a_pair_that_does_not_suit_is_not_proposed_again_in_that_attempt() {
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(1000), 1_000_000)));
    match();
    book.refused(job(1), 1, Refusal.PAIR);
    assertThat(match()).isEmpty();
    assertThat(book.job(job(1))).isPresent();
    assertThat(book.list(entry(1, offer(cores(1000), 1_000_000)))).isFalse();
    book.list(new JobEntry(job(1), offer(cores(1000), 1_000_000), Market.LEDGER, 2, Set.of(), 1));
    assertThat(match()).extracting(Proposal::attempt).containsExactly(2);
  }

  @Test void the_next_attempt_gives_back_what_the_earlier_one_held() {
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(8000), 1_000_000)));
    match();
    book.list(new JobEntry(job(1), offer(cores(8000), 1_000_000), Market.LEDGER, 2, Set.of(), 1));
    assertThat(match()).containsExactly(new Proposal(job(1), 2, machine(1), Lp.gwei(80), Market.digest(1001)));
    assertThat(book.refused(job(1), 1, Refusal.JOB)).isFalse();
  }

  @Test void a_job_that_was_taken_off_does_not_come_back_and_its_hold_stays() {
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(8000), 1_000_000)));
    match();
    book.remove(job(1), 1);
    assertThat(book.proposals()).isEqualTo(1);
    book.refused(job(1), 1, Refusal.MACHINE);
    assertThat(book.proposals()).isZero();
    assertThat(book.jobs()).isZero();
    assertThat(book.list(entry(1, offer(cores(8000), 1_000_000)))).isFalse();
  }

  @Test void unanswered_proposals_are_listed_oldest_first() {
    book.list(entry(1, 1));
    book.list(entry(1, offer(cores(1000), 1_000_000)));
    book.match(NOON, 1);
    book.list(entry(2, offer(cores(1000), 1_000_000)));
    book.match(NOON + 5, 1);
    assertThat(book.unanswered(NOON + 5, 9)).extracting(Proposal::job).containsExactly(job(1));
    assertThat(book.unanswered(NOON + 6, 9)).extracting(Proposal::job).containsExactly(job(1), job(2));
    assertThat(book.unanswered(NOON + 6, 1)).hasSize(1);
  }

  @Test void what_has_run_out_leaves_in_its_second() {
    book.list(entry(1, 1_000_000));
    book.list(entry(1, offer(cores(1000), 1)));
    assertThat(match()).isEmpty();
    // the job can start until LATER - 10, the machine's offer ends at LATER
    assertThat(book.nextExpiry()).hasValue(LATER - 9);
    assertThat(book.expire(LATER - 10, 9)).isEqualTo(new Expired(List.of(), List.of()));
    assertThat(book.expire(LATER - 9, 9)).isEqualTo(new Expired(List.of(job(1)), List.of()));
    assertThat(book.expire(LATER, 9)).isEqualTo(new Expired(List.of(), List.of(machine(1))));
    assertThat(book.nextExpiry()).isEmpty();
    book.validate();
  }

  /// Cheap machines that deny the module, and a dear one that takes it.
  private void listTwoHundredThatDeny() {
    var deny = new Attributes(Set.of(Engine.DOCKER), Set.of(), Set.of(MODULE), MachineLimits.UNLIMITED, 500);
    for (int i = 1; i <= 200; i++) {
      var plain = entry(i, 1);
      book.list(new ResourceEntry(plain.offer(), plain.digest(), Market.LEDGER, deny, i, plain.standing()));
    }
    book.list(entry(201, 50));
  }

  @Test void a_walk_that_meets_its_bound_goes_on_in_the_next_call_and_nothing_starves() {
    // given
    listTwoHundredThatDeny();
    book.list(entry(1, offer(cores(1000), 1_000_000)));
    // when
    var found = book.match(NOON, 9, 20);
    int calls = 1;
    for (; !book.isIdle(); calls++) {
      found = book.match(NOON, 9, 20);
    }
    // then
    assertThat(found).extracting(Proposal::machine).containsExactly(machine(201));
    assertThat(calls).isGreaterThan(5);
  }

  @Test void a_walk_goes_back_to_a_machine_that_grows_behind_it() {
    // given: the cheapest machine of all is full, and the walk has passed it
    book.list(entry(Market.machineOffer(machine(300), LARGE, 0, 0), 300, open(1, Resources.NONE)));
    listTwoHundredThatDeny();
    book.list(entry(1, offer(cores(1000), 1_000_000)));
    assertThat(book.match(NOON, 9, 100)).isEmpty();
    assertThat(book.isIdle()).isFalse();
    // when
    book.update(machine(300), open(2, LARGE));
    // then
    assertThat(match()).extracting(Proposal::machine).containsExactly(machine(300));
  }

  @Test void machines_whose_owners_limits_rule_a_job_out_are_passed_over_together() {
    // given: cheap ones with too short a run or too high a lowest price, and a dear one that takes the job
    var job = offer(cores(1000), 1_000_000);
    var brief = new MachineLimits(NetworkPolicy.FULL, job.work().runSeconds() - 1, Lp.ZERO);
    var choosy = new MachineLimits(NetworkPolicy.FULL, Integer.MAX_VALUE, Lp.gwei(1_000_001));
    for (int i = 1; i <= 2000; i++) {
      listWithin(i % 2 == 0 ? brief : choosy, i);
    }
    book.list(entry(2001, 50));
    book.list(entry(1, job));
    // when: it may look at far fewer rows than there are machines
    var found = book.match(NOON, 1, 500);
    // then
    assertThat(found).extracting(Proposal::machine).containsExactly(machine(2001));
  }

  private void listWithin(MachineLimits limits, int number) {
    var plain = entry(number, 1);
    var attributes = new Attributes(Set.of(Engine.DOCKER), Set.of(), Set.of(), limits, 500);
    book.list(new ResourceEntry(plain.offer(), plain.digest(), Market.LEDGER, attributes, number, plain.standing()));
  }

  @Test void memory_of_what_has_left_is_bounded() {
    var graves = new Graves<JobId>();
    for (int i = 0; i <= Graves.CAPACITY; i++) {
      graves.bury(job(i), 3);
    }
    graves.bury(job(5), 2);
    assertThat(graves.last(job(0))).isEqualTo(-1);
    assertThat(graves.last(job(5))).isEqualTo(3);
  }

  @Test void an_empty_book_explains_itself() {
    assertThat(book.explain(entry(1, offer(cores(1), 1)), NOON).lines()).containsExactly(
        "the market has no offers at all: wait for a provider, or start one with `lilypad provider`");
  }

  @Test void an_explanation_sifts_rule_by_rule_and_says_what_would_help() {
    book.list(entry(1, 30));
    book.list(entry(2, 20));
    book.list(entry(Market.machineOffer(machine(3), cores(500), 1, 1), 3, open(1, cores(500))));
    book.list(entry(Market.machineOffer(machine(4), LARGE, 1, 1), 4, open(1, Resources.NONE)));
    assertThat(book.explain(entry(1, offer(cores(1000), 100)), NOON).lines()).containsExactly(
        "4 offers in the market", //
        "cpu: 1 fell, 3 left; nearest: wanted 1000 milli-CPU, found 500 milli-CPU",
        "free capacity: 1 fell, 2 left; nearest: wanted 1000 milli-CPU, 0 GPUs, 1000 MiB memory, 1000 MiB disk, "
            + "found 0 milli-CPU, 0 GPUs, 0 MiB memory, 0 MiB disk free",
        "price: 2 fell, 0 left; nearest: costs 0.0000002 LP, the limit is 0.0000001 LP", //
        "0 would take the job now",
        "what would help: ask for at most 500 milli-CPU (1 of the offers fall at cpu alone)",
        "what would help: wait until a machine that is large enough is free "
            + "(1 of the offers fall at free capacity alone)",
        "what would help: raise --max-price to 0.0000002 LP (2 of the offers fall at price alone)");
  }
}
