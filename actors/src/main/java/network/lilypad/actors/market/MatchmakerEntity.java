package network.lilypad.actors.market;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.Matchmaker.Command;
import network.lilypad.actors.market.Matchmaker.ListJob;
import network.lilypad.actors.market.Matchmaker.ListMachine;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;

/// The matchmaker of one market: an [OrderBook] that hears words and tells deals its proposals. Everything is in
/// memory; what it forgets in a crash it reads from [OpenOffers], what that does not know yet the entities say again.
public final class MatchmakerEntity extends AbstractBehavior<Command> {
  /// Proposals made in one go, before others are heard again.
  static final int PROPOSALS_PER_TURN = 64;
  /// Entries that leave the book for their time in one go.
  static final int EXPIRE_PER_TURN = 1024;
  /// A proposal that no machine has confirmed for so long is told again.
  static final int REPEAT_AFTER_SECONDS = 10;
  /// What a provider is worth until its deeds are counted: the lower bound of an unknown one, MECHANISM C.7.
  static final int UNKNOWN_REPUTATION = 210;
  private static final Duration TICK = Duration.ofSeconds(1);
  /// The read side lags behind the journal by less: what was acknowledged just before a crash is in the second reading.
  private static final Duration READ_AGAIN = Duration.ofSeconds(5);
  private static final Duration READ_RETRY = Duration.ofSeconds(1);

  private final Neighbours neighbours;
  private final OpenOffers openOffers;
  private final Domain ledger;
  private final InstantSource clock;
  private final TimerScheduler<Command> timers;
  private final Bytes32 market;
  private final OrderBook book;
  private final ActorRef<Deal.Answer> answers;
  private final Map<JobId, Known> jobs = new HashMap<>();
  private final Map<MachineId, Long> machineAges = new HashMap<>();
  private final PriorityQueue<ListJob> later = new PriorityQueue<>(Comparator.comparingLong(ListJob::notBefore));
  private long age;
  private int readings;

  /// A job's offer and its age in this market.
  private record Known(Signed<JobOffer> offer, long age) {}

  private MatchmakerEntity(ActorContext<Command> context, TimerScheduler<Command> timers, Bytes32 market,
      Setting setting) {
    super(context);
    this.neighbours = setting.neighbours;
    this.openOffers = setting.openOffers;
    this.ledger = setting.ledger;
    this.clock = setting.clock;
    this.timers = timers;
    this.market = market;
    this.book = new OrderBook(setting.terms);
    this.answers = context.messageAdapter(Deal.Answer.class, Matchmaker.Answered::new);
    timers.startTimerWithFixedDelay("tick", new Matchmaker.Tick(), TICK);
    read();
  }

  /// What every matchmaker of a node is given.
  ///
  /// @param neighbours who it talks to
  /// @param openOffers where it reads what is open
  /// @param terms what the market asks
  /// @param ledger the ledger that offers are signed for
  /// @param clock ledger time
  public record Setting(Neighbours neighbours, OpenOffers openOffers, MarketTerms terms, Domain ledger,
      InstantSource clock) {}

  /// A matchmaker's behavior.
  ///
  /// @param entity its place in the cluster; the entity id is the market
  public static Behavior<Command> create(EntityContext<Command> entity, Setting setting) {
    return Behaviors.setup(context -> Behaviors.withTimers(
        timers -> new MatchmakerEntity(context, timers, Bytes32.parse(entity.getEntityId()), setting)));
  }

  @Override public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case ListJob job -> {
        list(job);
        job.replyTo().tell(new Job.OnBook(job.attempt()));
      }
      case Matchmaker.TakeJob(var job, var replyTo) -> {
        forget(job);
        replyTo.tell(new Job.OffBook());
      }
      case ListMachine machine -> {
        book.list(entry(machine));
        machine.replyTo().tell(new Machine.OnBook(machine.revision()));
      }
      case Matchmaker.TakeMachine(var machine, var revision, var replyTo) -> {
        book.remove(machine, revision);
        machineAges.remove(machine);
        replyTo.tell(new Machine.OnBook(revision));
      }
      case Matchmaker.Answered(var answer) -> answered(answer);
      case Matchmaker.Explain explain -> explain.replyTo().tell(explained(explain));
      case Matchmaker.Loaded(var open) -> loaded(open);
      case Matchmaker.LoadFailed(var reason) -> {
        getContext().getLog().warn("market {}: the read side does not answer, asking again: {}", market, reason);
        timers.startSingleTimer("read", new Matchmaker.ReadAgain(), READ_RETRY);
      }
      case Matchmaker.ReadAgain _ -> read();
      case Matchmaker.Tick _ -> tick();
      case Matchmaker.GoOn _ -> {}
    }
    match();
    return this;
  }

  private void list(ListJob job) {
    jobs.computeIfAbsent(job.job(), _ -> new Known(job.offer(), age++));
    if (job.notBefore() > now()) {
      later.add(job);
    } else {
      book.list(entry(job));
    }
  }

  private void forget(JobId job) {
    jobs.remove(job);
    later.removeIf(waiting -> waiting.job().equals(job));
    book.remove(job, DealId.MAX_ATTEMPT);
  }

  private JobEntry entry(ListJob job) {
    long since = Optional.ofNullable(jobs.get(job.job())).map(Known::age).orElse(age);
    return new JobEntry(job.job(), job.offer().word(), ledger, job.attempt(), new HashSet<>(job.excluded()), since);
  }

  private ResourceEntry entry(ListMachine machine) {
    Set<Attempt> held = machine.held().stream().map(slice -> new Attempt(slice.job(), slice.attempt()))
        .collect(Collectors.toSet());
    var id = machine.offer().word().machineId();
    return new ResourceEntry(machine.offer().word(), machine.digest(), ledger, attributes(machine.attributes()),
        machineAges.computeIfAbsent(id, _ -> age++), new Standing(machine.revision(), true, machine.free(), held));
  }

  private static Attributes attributes(Machine.Attributes said) {
    return new Attributes(new HashSet<>(said.engines()), new HashSet<>(said.allowedModules()),
        new HashSet<>(said.deniedModules()), said.limits(), UNKNOWN_REPUTATION);
  }

  private void match() {
    for (Proposal proposal : book.match(now(), PROPOSALS_PER_TURN)) {
      propose(proposal);
    }
    if (!book.isIdle()) {
      getContext().getSelf().tell(new Matchmaker.GoOn());
    }
  }

  private void propose(Proposal proposal) {
    var known = jobs.get(proposal.job());
    if (known == null) {
      book.refused(proposal.job(), proposal.attempt(), Refusal.JOB);
      return;
    }
    var terms = new Deal.Terms(known.offer, proposal.job(), proposal.attempt(), proposal.machine(),
        proposal.offer(), proposal.price());
    neighbours.deal(terms.deal()).tell(new Deal.Propose(terms, answers));
  }

  /// A deal that has its proposal holds its slice until the machine says so itself. One that had another proposal, or
  /// is past running, holds none here.
  private void answered(Deal.Answer answer) {
    boolean holds = answer.refused().isEmpty() && switch (answer.phase()) {
      case NEGOTIATING, AGREED -> true;
      default -> false;
    };
    if (!holds) {
      book.refused(answer.job(), answer.attempt(), Refusal.JOB);
    }
  }

  private void tick() {
    while (!later.isEmpty() && later.element().notBefore() <= now()) {
      book.list(entry(later.remove()));
    }
    var expired = book.expire(now(), EXPIRE_PER_TURN);
    expired.jobs().forEach(job -> neighbours.job(job).tell(new Job.Tick()));
    expired.machines().forEach(machine -> neighbours.machine(machine).tell(new Machine.Tick()));
    book.unanswered(now() - REPEAT_AFTER_SECONDS, PROPOSALS_PER_TURN).forEach(this::propose);
  }

  private Matchmaker.Explained explained(Matchmaker.Explain explain) {
    var known = book.job(explain.job()).orElseGet(
        () -> new JobEntry(explain.job(), asIfOpen(explain.offer().word()), ledger, 1, Set.of(), age));
    var explanation = book.explain(known, now());
    var fallen = explanation.filters().stream()
        .map(filter -> new Matchmaker.Fallen(filter.rule().title(), filter.fell(), filter.nearest().text())).toList();
    var advice = explanation.remedies().stream().map(remedy -> remedy.nearest().remedy()).toList();
    return new Matchmaker.Explained(explanation.offers(), explanation.matching(), fallen,
        explanation.offers() == 0 ? explanation.lines() : advice);
  }

  /// An offer that has run out is explained as if it were made once more: that it ran out, its creator knows.
  private JobOffer asIfOpen(JobOffer offer) {
    long soon = now() + REPEAT_AFTER_SECONDS;
    return offer.validUntil() >= now()
        ? offer
        : offer.renewed(soon, Math.max(offer.deliverBy(), soon + offer.work().runSeconds()));
  }

  private void read() {
    getContext().pipeToSelf(openOffers.load(market), (open, failure) -> open != null
        ? new Matchmaker.Loaded(open)
        : new Matchmaker.LoadFailed(String.valueOf(failure)));
  }

  private void loaded(OpenOffers.Open open) {
    open.jobs().forEach(job -> list(new ListJob(job.job(), job.offer(), job.attempt(), job.excluded(), 0,
        getContext().getSystem().ignoreRef())));
    open.machines().forEach(machine -> book.list(entry(new ListMachine(machine.offer(), machine.digest(),
        machine.attributes(), machine.capacity(), List.of(), machine.revision(),
        getContext().getSystem().ignoreRef()))));
    readings++;
    if (readings == 1) {
      timers.startSingleTimer("read", new Matchmaker.ReadAgain(), READ_AGAIN);
    }
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }
}
