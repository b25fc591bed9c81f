package network.lilypad.actors.market;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;

/// The order book's slow and obvious twin: for every proposal it compares every job with every machine. Written from
/// the rules, not from the book; keeps the whole past instead of a bounded memory of what has left.
final class NaiveBook {
  private final MarketTerms terms;
  private final Map<MachineId, ResourceEntry> entries = new TreeMap<>();
  private final Map<MachineId, Standing> standings = new HashMap<>();
  private final Map<MachineId, Long> gone = new HashMap<>();
  private final Map<MachineId, Long> shunned = new HashMap<>();
  private final Map<JobId, JobEntry> waiting = new TreeMap<>();
  private final Map<JobId, Integer> over = new HashMap<>();
  private final List<Held> held = new ArrayList<>();
  private long time;

  NaiveBook(MarketTerms terms) {
    this.terms = terms;
  }

  private record Held(Proposal proposal, JobEntry job, long revision) {}

  void list(ResourceEntry entry) {
    var id = entry.offer().machineId();
    if (entry.standing().revision() <= gone.getOrDefault(id, -1L)) {
      return;
    }
    var known = entries.get(id);
    if (known == null) {
      standings.remove(id);
      shunned.remove(id);
    }
    if (known == null || newness(entry).compareTo(newness(known)) > 0) {
      entries.put(id, entry);
    }
    update(id, entry.standing());
  }

  private static BigInteger newness(ResourceEntry entry) {
    return BigInteger.valueOf(entry.offer().version()).shiftLeft(64)
        .add(BigInteger.valueOf(entry.standing().revision()));
  }

  void update(MachineId id, Standing standing) {
    var known = standings.get(id);
    if (entries.containsKey(id) && (known == null || known.revision() < standing.revision())) {
      standings.put(id, standing);
      for (Held one : List.copyOf(held)) {
        var proposal = one.proposal;
        if (proposal.machine().equals(id)
            && standing.reserved().contains(new Attempt(proposal.job(), proposal.attempt()))) {
          held.remove(one);
          isOver(proposal.job(), proposal.attempt());
        }
      }
    }
  }

  void remove(MachineId id, long revision) {
    if (!entries.containsKey(id) || Objects.requireNonNull(standings.get(id)).revision() <= revision) {
      gone.merge(id, revision, Math::max);
      entries.remove(id);
    }
  }

  void list(JobEntry entry) {
    var one = holdOf(entry.id());
    var known = waiting.get(entry.id());
    if (entry.attempt() > over.getOrDefault(entry.id(), 0) && (known == null || entry.attempt() > known.attempt())
        && (one.isEmpty() || entry.attempt() > one.get().job.attempt())) {
      one.ifPresent(held::remove);
      waiting.put(entry.id(), entry);
    }
  }

  void remove(JobId id, int attempt) {
    isOver(id, attempt);
    var known = waiting.get(id);
    if (known != null && known.attempt() <= attempt) {
      waiting.remove(id);
    }
  }

  private void isOver(JobId id, int attempt) {
    over.merge(id, attempt, Math::max);
  }

  void refused(JobId id, int attempt, Refusal why) {
    var one = holdOf(id).orElse(null);
    if (one == null || one.job.attempt() != attempt) {
      return;
    }
    held.remove(one);
    var machine = one.proposal.machine();
    if (why == Refusal.MACHINE && entries.containsKey(machine)
        && Objects.requireNonNull(standings.get(machine)).revision() == one.revision) {
      shunned.put(machine, one.revision);
    }
    if (why == Refusal.JOB) {
      isOver(id, attempt);
    }
    if (attempt > over.getOrDefault(id, 0)) {
      var excluded = new HashSet<>(one.job.excluded());
      if (why == Refusal.PAIR) {
        excluded.add(machine.provider());
      }
      waiting.put(id, new JobEntry(id, one.job.offer(), one.job.ledger(), attempt, excluded, one.job.age()));
    }
  }

  private Optional<Held> holdOf(JobId id) {
    return held.stream().filter(one -> one.proposal.job().equals(id)).findFirst();
  }

  List<Proposal> match(long now, int max) {
    time = Math.max(time, now);
    var proposals = new ArrayList<Proposal>();
    for (var next = best(); next.isPresent() && proposals.size() < max; next = best()) {
      proposals.add(next.get());
      var job = Objects.requireNonNull(waiting.remove(next.get().job()));
      held.add(new Held(next.get(), job, Objects.requireNonNull(standings.get(next.get().machine())).revision()));
    }
    return proposals;
  }

  private Optional<Proposal> best() {
    for (JobEntry job : waiting.values().stream().sorted(Comparator.comparing((JobEntry j) -> offered(j.offer()))
        .reversed().thenComparingLong(JobEntry::age).thenComparing(JobEntry::id)).toList()) {
      var machine = entries.values().stream().filter(entry -> fits(job, entry)).min(
          Comparator.comparingLong((ResourceEntry entry) -> ask(job.offer(), entry.offer()))
              .thenComparingLong(ResourceEntry::age).thenComparing(entry -> entry.offer().machineId()));
      if (machine.isPresent()) {
        var entry = machine.get();
        return Optional.of(new Proposal(job.id(), job.attempt(), entry.offer().machineId(),
            Lp.gwei(price(job.offer(), entry.offer()).longValueExact()), entry.digest()));
      }
    }
    return Optional.empty();
  }

  void expire(long now) {
    time = Math.max(time, now);
    for (JobEntry job : List.copyOf(waiting.values())) {
      if (time > job.offer().validUntil() || time + job.offer().work().runSeconds() > job.offer().deliverBy()) {
        remove(job.id(), job.attempt());
      }
    }
    for (ResourceEntry entry : List.copyOf(entries.values())) {
      var id = entry.offer().machineId();
      if (time >= entry.offer().validUntil()) {
        remove(id, Objects.requireNonNull(standings.get(id)).revision());
      }
    }
  }

  List<Proposal> held() {
    return held.stream().map(Held::proposal).toList();
  }

  long matching(JobEntry job, long now) {
    time = Math.max(time, now);
    return entries.values().stream().filter(entry -> fits(job, entry)).count();
  }

  Set<MachineId> ids() {
    return entries.keySet();
  }

  int machines() {
    return entries.size();
  }

  Set<JobId> jobs() {
    return waiting.keySet();
  }

  Map<JobId, Resources> wanted() {
    var wanted = new HashMap<JobId, Resources>();
    waiting.forEach((id, job) -> wanted.put(id, job.offer().work().resources()));
    return wanted;
  }

  /// What is free of a machine for the book, never less than zero.
  Resources free(MachineId id) {
    var capacity = Objects.requireNonNull(entries.get(id)).offer().capacity();
    var free = capacity.min(Objects.requireNonNull(standings.get(id)).free());
    for (Held one : held) {
      free = one.proposal.machine().equals(id) ? free.minus(one.job.offer().work().resources()) : free;
    }
    return free;
  }

  private boolean fits(JobEntry entry, ResourceEntry machine) {
    var job = entry.offer();
    var offer = machine.offer();
    return inTime(job, offer) && entry.ledger().equals(machine.ledger()) && sameMarket(job, offer)
        && takesWork(offer.machineId()) && suits(entry, offer.provider(), machine.attributes())
        && holds(offer.capacity(), job.work().resources()) && holds(free(offer.machineId()), job.work().resources())
        && agree(job, offer) && grants(machine.attributes().limits(), job.work())
        && price(job, offer).longValueExact() <= job.maxPrice().gwei()
        && price(job, offer).longValueExact() >= machine.attributes().limits().minPrice().gwei();
  }

  private boolean inTime(JobOffer job, ResourceOffer offer) {
    return time <= job.validUntil() && time < offer.validUntil()
        && time + job.work().runSeconds() <= job.deliverBy();
  }

  private static boolean sameMarket(JobOffer job, ResourceOffer offer) {
    return job.solver().equals(offer.solver()) && job.market().equals(offer.market());
  }

  private boolean takesWork(MachineId id) {
    var standing = Objects.requireNonNull(standings.get(id));
    return standing.open() && standing.revision() > shunned.getOrDefault(id, -1L);
  }

  private boolean suits(JobEntry entry, Address provider, Attributes attributes) {
    var target = entry.offer().target();
    var module = entry.offer().work().module();
    Engine engine = entry.offer().work().engine();
    return (target.isZero() || target.equals(provider)) && !entry.excluded().contains(provider)
        && attributes.engines().contains(engine) && !attributes.deniedModules().contains(module)
        && (attributes.allowedModules().isEmpty() || attributes.allowedModules().contains(module))
        && attributes.reputation() >= terms.minimumReputation();
  }

  private static boolean grants(MachineLimits limits, Work work) {
    return work.network().compareTo(limits.network()) <= 0 && work.runSeconds() <= limits.maxRunSeconds();
  }

  private static boolean holds(Resources has, Resources wants) {
    boolean gpus = wants.gpus() == 0 || (has.gpus() >= wants.gpus() && has.vramMibPerGpu() >= wants.vramMibPerGpu()
        && (wants.gpuModel().isZero() || wants.gpuModel().equals(has.gpuModel())));
    return gpus && has.milliCpu() >= wants.milliCpu() && has.ramMib() >= wants.ramMib()
        && has.diskMib() >= wants.diskMib();
  }

  private static boolean agree(JobOffer job, ResourceOffer offer) {
    return (job.panel().isZero() || offer.panels().contains(job.panel()))
        && offer.maxCollateral().gwei() >= job.minCollateral().gwei()
        && offer.maxReviewSeconds() >= job.reviewSeconds();
  }

  private static long ask(JobOffer job, ResourceOffer offer) {
    return job.work().resources().gpus() > 0 ? offer.askPerGpuSecond().gwei() : offer.askPerCoreSecond().gwei();
  }

  /// Thousandths of a slot, times seconds.
  private static BigInteger slots(JobOffer job) {
    var wanted = job.work().resources();
    long each = wanted.gpus() > 0 ? wanted.gpus() * 1000L : wanted.milliCpu();
    return BigInteger.valueOf(each).multiply(BigInteger.valueOf(job.work().runSeconds()));
  }

  private BigInteger price(JobOffer job, ResourceOffer offer) {
    var exact = BigInteger.valueOf(ask(job, offer)).multiply(slots(job));
    var roundedUp = exact.add(BigInteger.valueOf(999)).divide(BigInteger.valueOf(1000));
    return roundedUp.max(BigInteger.valueOf(terms.minimumCharge().gwei()));
  }

  private static BigInteger offered(JobOffer job) {
    return slots(job).signum() == 0
        ? BigInteger.ZERO
        : BigInteger.valueOf(job.maxPrice().gwei()).multiply(BigInteger.valueOf(1000)).divide(slots(job));
  }
}
