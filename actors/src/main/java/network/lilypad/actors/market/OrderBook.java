package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import network.lilypad.actors.market.Holds.Hold;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;
import org.jspecify.annotations.Nullable;

/// The order book of one market: words of machines and jobs in, proposals out. Deterministic: the same calls in the
/// same order give the same proposals. Not thread-safe; knows no clock.
///
/// **Ranking.** The job that offers most per slot-second is served first, then the older, then the lower id. It gets
/// the machine that asks least per slot-second, then the older, then the lower id; so a cheaper ask goes first also
/// where rounding or the minimum charge makes the prices equal.
///
/// **Words.** Every word may come twice, late or never. Of a machine's words the newer holds: its entry by (version,
/// revision), its standing by revision, each for itself, and what was removed comes back only with a later revision. Of
/// a job's words the higher attempt holds, and an attempt that was proposed, claimed or removed is never listed again.
/// For things that have left, that is remembered for the last [Graves#CAPACITY] departures.
///
/// **Capacity.** What the book may sell of a machine is the machine's own word on what is free, less the *holds*: one
/// for each proposal on its way. A hold ends in exactly one of three ways, and none of them depends on the order of
/// arrival: the machine's newest word names the attempt as reserved, so its figure has the slice off already; the
/// proposal was [#refused]; or the job's next attempt was listed, which its entity does only after the earlier one is
/// over. So an old word, which names nothing newer, never gives back what a newer proposal took. A proposal that nobody
/// answers is told again, from [#unanswered]: its deal is idempotent.
///
/// **Work.** Each word costs O(log n), each call of [#match] at most [#ROWS_PER_MATCH] rows more than its last step,
/// and it says by [#isIdle] whether to be called again: nothing is forgotten at the bound.
public final class OrderBook {
  /// Rows that one call of [#match] looks at before it returns, about a millisecond: so the actor answers others too.
  /// A single step looks at no more rows than there are machines or jobs.
  public static final int ROWS_PER_MATCH = 65_536;

  private final Rules rules;
  private final Stock stock;
  private final Shelves shelves;
  private final Matching matching;
  private final Holds holds = new Holds();
  private final Map<JobId, RestingJob> jobs = new HashMap<>();
  private final Graves<MachineId> goneMachines = new Graves<>();
  private final Graves<JobId> goneJobs = new Graves<>();
  private long time;

  /// An empty book.
  ///
  /// @param terms what the market asks of everybody in it
  public OrderBook(MarketTerms terms) {
    rules = new Rules(terms);
    var profiles = new Profiles(rules);
    stock = new Stock(profiles);
    shelves = new Shelves(profiles);
    matching = new Matching(rules, stock, shelves);
  }

  /// A machine's offer and standing: lists it, or replaces what is older.
  ///
  /// @return whether it was news
  public boolean list(ResourceEntry entry) {
    var id = entry.offer().machineId();
    if (entry.standing().revision() <= goneMachines.last(id)) {
      return false;
    }
    var known = stock.get(id);
    if (known == null) {
      var machine = new RestingMachine(id, entry);
      remeasure(machine);
      stock.add(machine);
      matching.grown(machine, time);
      hear(machine, entry.standing());
      return true;
    }
    boolean replaced = known.isOlderThan(entry);
    if (replaced) {
      replace(known, entry);
    }
    return update(id, entry.standing()) || replaced;
  }

  private void replace(RestingMachine machine, ResourceEntry newer) {
    stock.replace(machine, newer);
    remeasure(machine);
    stock.changed(machine);
    matching.grown(machine, time);
  }

  /// A machine's word on how it stands; ignored if the machine is not listed or has spoken since.
  ///
  /// @return whether it was news
  public boolean update(MachineId id, Standing standing) {
    var machine = stock.get(id);
    if (machine == null || standing.revision() <= machine.standing().revision()) {
      return false;
    }
    hear(machine, standing);
    return true;
  }

  private void hear(RestingMachine machine, Standing standing) {
    boolean wasOpen = machine.open();
    machine.setStanding(standing);
    for (Attempt attempt : standing.reserved()) {
      var hold = holds.get(attempt.job());
      if (hold != null && hold.proposal().attempt() == attempt.number()
          && hold.proposal().machine().equals(machine.id())) {
        end(hold);
      }
    }
    if (remeasure(machine) || machine.open() != wasOpen) {
      stock.changed(machine);
      matching.grown(machine, time);
    }
  }

  /// Takes a machine off.
  ///
  /// @param revision of the machine's word that says so; an entry of that or an earlier revision does not bring it back
  /// @return whether it was news
  public boolean remove(MachineId id, long revision) {
    var machine = stock.get(id);
    if (machine != null && machine.standing().revision() > revision) {
      return false;
    }
    goneMachines.bury(id, revision);
    if (machine == null) {
      return false;
    }
    stock.remove(machine);
    matching.remove(machine);
    return true;
  }

  /// A job's attempt that is open for a proposal; ends what an earlier attempt held.
  ///
  /// @return whether it was news
  public boolean list(JobEntry entry) {
    var id = entry.id();
    var resting = jobs.get(id);
    var hold = holds.get(id);
    if (entry.attempt() <= goneJobs.last(id) || (resting != null && entry.attempt() <= resting.entry().attempt())
        || (hold != null && entry.attempt() <= hold.proposal().attempt())) {
      return false;
    }
    if (resting != null) {
      matching.remove(resting);
    }
    if (hold != null) {
      end(hold);
      giveBack(hold);
    }
    rest(entry);
    return true;
  }

  private void rest(JobEntry entry) {
    var job = new RestingJob(entry);
    jobs.put(entry.id(), job);
    matching.add(job);
  }

  /// Takes a job off because that attempt is claimed or the job is over. What a proposal of it holds stays held until
  /// the hold ends by itself.
  ///
  /// @return whether it was news
  public boolean remove(JobId id, int attempt) {
    var resting = jobs.get(id);
    var hold = holds.get(id);
    if (hold != null && hold.proposal().attempt() <= attempt) {
      hold.withdraw();
    }
    goneJobs.bury(id, attempt);
    if (resting == null || resting.entry().attempt() > attempt) {
      return false;
    }
    drop(resting);
    return true;
  }

  private void drop(RestingJob job) {
    jobs.remove(job.id());
    matching.remove(job);
  }

  /// A proposal has come to nothing: its slice is given back, and unless the attempt is over the job rests again, as
  /// old as it was.
  ///
  /// @return whether it was news
  public boolean refused(JobId id, int attempt, Refusal why) {
    var hold = holds.get(id);
    if (hold == null || hold.proposal().attempt() != attempt) {
      return false;
    }
    holds.remove(hold);
    var machine = stock.get(hold.proposal().machine());
    if (why == Refusal.MACHINE && machine != null && machine.standing().revision() == hold.revision()) {
      machine.shun();
    }
    giveBack(hold);
    if (why == Refusal.JOB || hold.isWithdrawn()) {
      goneJobs.bury(id, attempt);
    } else {
      rest(why == Refusal.PAIR ? hold.job().excluding(hold.proposal().machine().provider()) : hold.job());
    }
    return true;
  }

  private void end(Hold hold) {
    holds.remove(hold);
    goneJobs.bury(hold.job().id(), hold.proposal().attempt());
  }

  private void giveBack(Hold hold) {
    var machine = stock.get(hold.proposal().machine());
    if (machine != null) {
      remeasure(machine);
      stock.changed(machine);
      matching.grown(machine, time);
    }
  }

  /// Whether what is left of it has changed.
  private boolean remeasure(RestingMachine machine) {
    var left = holds.leftOf(machine.own(), machine.id());
    boolean changed = !left.equals(machine.free());
    machine.setFree(left);
    return changed;
  }

  /// Finds pairs, best job first, and takes their slices off the book.
  ///
  /// @param now ledger seconds; an earlier time than before counts as before
  /// @param maxProposals at most so many
  /// @return the proposals, in the order in which they were found
  public List<Proposal> match(long now, int maxProposals) {
    return match(now, maxProposals, ROWS_PER_MATCH);
  }

  List<Proposal> match(long now, int maxProposals, int maxRows) {
    time = Math.max(time, now);
    var proposals = new ArrayList<Proposal>();
    long bound = matching.looked() + maxRows;
    while (proposals.size() < maxProposals && matching.looked() < bound && !isIdle()) {
      var pair = matching.step(time);
      if (pair != null) {
        proposals.add(take(pair.job(), pair.machine()));
      }
    }
    return proposals;
  }

  private Proposal take(RestingJob job, RestingMachine machine) {
    var entry = job.entry();
    var proposal = new Proposal(entry.id(), entry.attempt(), machine.id(),
        rules.tariff().price(entry.offer(), machine.offer()), machine.entry().digest());
    jobs.remove(entry.id());
    holds.add(new Hold(proposal, entry, machine.standing().revision(), time));
    remeasure(machine);
    stock.changed(machine);
    return proposal;
  }

  /// Whether [#match] has nothing left to find until another word comes.
  public boolean isIdle() { return matching.isIdle(); }

  /// Proposals that were made before a time and of which nothing has been heard, the oldest first.
  public List<Proposal> unanswered(long madeBefore, int max) {
    return holds.madeBefore(madeBefore, max);
  }

  /// Takes off what can no longer be matched because its time is over.
  ///
  /// @param now ledger seconds
  /// @param max at most so many jobs and so many machines
  public Expired expire(long now, int max) {
    time = Math.max(time, now);
    var expiredJobs = shelves.expired(time, max);
    expiredJobs.forEach(job -> remove(job.id(), job.entry().attempt()));
    var machines = stock.expired(time, max);
    machines.forEach(machine -> remove(machine.id(), machine.standing().revision()));
    return new Expired(expiredJobs.stream().map(RestingJob::id).toList(),
        machines.stream().map(RestingMachine::id).toList());
  }

  /// The first ledger second at which [#expire] has something to do, as far as [#match] has gone; empty if none.
  public OptionalLong nextExpiry() {
    return LongStream.concat(shelves.nextExpiry().stream(), stock.nextExpiry().stream()).min();
  }

  /// Sifts all machines for a job, which need not be in the book. Looks at every machine.
  ///
  /// @param now ledger seconds
  public Explanation explain(JobEntry job, long now) {
    return Explanation.of(rules, job, stock.all(), Math.max(time, now));
  }

  /// The job as it rests in the book; empty if it does not, or is proposed.
  public Optional<JobEntry> job(JobId id) {
    return Optional.ofNullable(jobs.get(id)).map(RestingJob::entry);
  }

  /// How many machines are listed.
  public int machines() {
    return stock.size();
  }

  /// How many jobs wait for a machine.
  public int jobs() {
    return jobs.size();
  }

  /// How many proposals hold a slice.
  public int proposals() {
    return holds.size();
  }

  /// A machine as the book sees it; null if it is not listed.
  @Nullable Supply supply(MachineId id) {
    return stock.get(id);
  }

  /// Checks every structure; for tests.
  void validate() {
    stock.validate();
    shelves.validate();
    matching.validate();
    holds.validate();
    Defect.unless(matching.jobs() == jobs.size(), "jobs: " + matching.jobs() + " (expected: " + jobs.size() + ")");
    for (var machine : stock.all()) {
      var left = holds.leftOf(machine.own(), machine.id());
      Defect.unless(left.equals(machine.free()), "machine " + machine.id() + ": " + machine.free());
    }
    for (var job : jobs.keySet()) {
      Defect.unless(holds.get(job) == null, "job " + job + ": rests and is proposed");
    }
  }
}
