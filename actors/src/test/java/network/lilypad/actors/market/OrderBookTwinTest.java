package network.lilypad.actors.market;

import static network.lilypad.actors.market.Market.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Resources;

/// The book and its naive twin hear the same words; each step is drawn from one seed, so that a failing list shrinks.
class OrderBookTwinTest {
  private static final MarketTerms TERMS = new MarketTerms(Lp.gwei(4), 300);
  private static final int ALL = Integer.MAX_VALUE;

  /// Both books and the time.
  private static final class Twins {
    private final OrderBook book = new OrderBook(TERMS);
    private final NaiveBook naive = new NaiveBook(TERMS);
    private final int maxRows;
    private long now = NOON;
    private int steps;

    Twins(int maxRows) {
      this.maxRows = maxRows;
    }

    void step(RandomMarket market) {
      steps++;
      long revision = Math.max(0, steps + market.below(9) - 6);
      switch (market.below(13)) {
        case 0, 1, 2 -> both(market.resourceEntry(market.standing(revision, market.some(naive.held()))));
        case 3, 4 -> update(market.machine(), market.standing(revision, market.some(naive.held())));
        case 5 -> removeMachine(market.machine(), revision);
        case 6, 7, 8 -> both(market.jobEntry());
        case 9 -> removeJob(market, 1 + market.below(4));
        case 10 -> refuse(market);
        case 11 -> now += market.below(10);
        default -> expire();
      }
      if (market.below(3) > 0) {
        match(1 + market.below(3));
      }
    }

    void both(ResourceEntry entry) {
      book.list(entry);
      naive.list(entry);
    }

    void both(JobEntry entry) {
      book.list(entry);
      naive.list(entry);
    }

    private void update(MachineId id, Standing standing) {
      book.update(id, standing);
      naive.update(id, standing);
    }

    private void removeMachine(MachineId id, long revision) {
      book.remove(id, revision);
      naive.remove(id, revision);
    }

    private void removeJob(RandomMarket market, int attempt) {
      var job = market.job();
      book.remove(job, attempt);
      naive.remove(job, attempt);
    }

    private void refuse(RandomMarket market) {
      var held = naive.held();
      if (!held.isEmpty()) {
        var proposal = held.get(market.below(held.size()));
        var why = market.refusal();
        book.refused(proposal.job(), proposal.attempt(), why);
        naive.refused(proposal.job(), proposal.attempt(), why);
      }
    }

    private void expire() {
      match(ALL);
      book.expire(now, ALL);
      naive.expire(now);
    }

    void match(int max) {
      var free = free();
      var wanted = naive.wanted();
      var found = new ArrayList<Proposal>();
      do {
        found.addAll(book.match(now, max - found.size(), maxRows));
      } while (found.size() < max && !book.isIdle());
      assertThat(found).isEqualTo(naive.match(now, max));
      notOversold(free, wanted, found);
    }

    private Map<MachineId, Resources> free() {
      var free = new HashMap<MachineId, Resources>();
      naive.ids().forEach(id -> free.put(id, free(id)));
      return free;
    }

    private Resources free(MachineId id) {
      return Objects.requireNonNull(book.supply(id)).free();
    }

    private static void notOversold(Map<MachineId, Resources> free, Map<JobId, Resources> wanted,
        List<Proposal> found) {
      for (Proposal proposal : found) {
        var left = Objects.requireNonNull(free.get(proposal.machine()));
        var slice = Objects.requireNonNull(wanted.get(proposal.job()));
        assertThat(left.holds(slice)).isTrue();
        free.put(proposal.machine(), left.minus(slice));
      }
    }

    void check() {
      book.validate();
      assertThat(book.machines()).isEqualTo(naive.machines());
      assertThat(book.jobs()).isEqualTo(naive.jobs().size());
      assertThat(book.unanswered(Long.MAX_VALUE, ALL)).containsExactlyElementsOf(naive.held());
      naive.ids().forEach(id -> assertThat(free(id)).isEqualTo(naive.free(id)));
    }
  }

  @Property(tries = 2000) void book_and_twin_propose_the_same_in_the_same_order(
      @ForAll @Size(max = 80) List<Long> seeds) {
    var twins = new Twins(OrderBook.ROWS_PER_MATCH);
    for (long seed : seeds) {
      twins.step(new RandomMarket(seed));
      twins.check();
    }
  }

  @Property(tries = 500) void a_book_that_stops_at_every_row_proposes_the_same(
      @ForAll @Size(max = 80) List<Long> seeds) {
    var twins = new Twins(1);
    for (long seed : seeds) {
      twins.step(new RandomMarket(seed));
      twins.check();
    }
    twins.match(ALL);
    assertThat(twins.book.isIdle()).isTrue();
  }

  @Property(tries = 500) void many_machines_and_jobs_at_once_are_matched_as_the_twin_does(@ForAll long seed) {
    var market = new RandomMarket(seed);
    var twins = new Twins(OrderBook.ROWS_PER_MATCH);
    for (int i = 0; i < 40; i++) {
      twins.both(market.resourceEntry(market.standing(i, Set.of())));
      twins.both(market.jobEntry());
    }
    twins.match(ALL);
    twins.check();
  }

  @Property(tries = 500) void repeated_and_reordered_words_of_machines_leave_the_same_book(@ForAll long seed) {
    // given
    var market = new RandomMarket(seed);
    var words = new ArrayList<Consumer<OrderBook>>();
    var first = new ArrayList<ResourceEntry>();
    for (int i = 0; i < 12; i++) {
      var entry = market.resourceEntry(market.standing(i, Set.of()));
      var later = market.standing(100 + i, Set.of());
      first.add(entry);
      words.add(book -> book.list(entry));
      words.add(book -> book.update(entry.offer().machineId(), later));
    }
    var jobs = List.of(market.jobEntry(), market.jobEntry(), market.jobEntry());
    // when
    var tidy = new OrderBook(TERMS);
    var messy = new OrderBook(TERMS);
    for (var book : List.of(tidy, messy)) {
      first.forEach(book::list);
      words.forEach(word -> word.accept(book));
      Collections.shuffle(words, new Random(seed));
      words.addAll(words.subList(0, 5));
      jobs.forEach(book::list);
    }
    // then
    assertThat(messy.match(NOON, ALL)).isEqualTo(tidy.match(NOON, ALL));
  }

  @Property(tries = 500) void words_of_a_machine_older_than_its_removal_do_not_bring_it_back(@ForAll long seed) {
    var market = new RandomMarket(seed);
    var entry = market.resourceEntry(market.standing(3, Set.of()));
    var words = new ArrayList<Consumer<OrderBook>>(List.of(book -> book.list(entry),
        book -> book.remove(entry.offer().machineId(), 7),
        book -> book.update(entry.offer().machineId(), market.standing(5, Set.of()))));
    Collections.shuffle(words, new Random(seed));
    var book = new OrderBook(TERMS);
    words.forEach(word -> word.accept(book));
    assertThat(book.machines()).isZero();
  }

  @Property(tries = 500) void an_explanation_counts_what_the_twin_counts(@ForAll @Size(max = 60) List<Long> seeds) {
    var twins = new Twins(OrderBook.ROWS_PER_MATCH);
    for (long seed : seeds) {
      var market = new RandomMarket(seed);
      twins.step(market);
      var job = market.jobEntry();
      var explanation = twins.book.explain(job, twins.now);
      assertThat((long) explanation.matching()).isEqualTo(twins.naive.matching(job, twins.now));
      int fell = explanation.filters().stream().mapToInt(Explanation.Filter::fell).sum();
      assertThat(fell + explanation.matching()).isEqualTo(explanation.offers()).isEqualTo(twins.naive.machines());
    }
  }
}
