package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import network.lilypad.executor.Task;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.Reconcile;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.RejectionWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import network.lilypad.protocol.wire.WireDoor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The deals of one machine: answers what a session asks and keeps one [DealRun] at work for each deal that is to be
/// run. Called by one session at a time; runs live on across sessions.
final class Deals {
  private static final Logger LOG = LoggerFactory.getLogger(Deals.class);

  private final ProviderPolicy owner;
  private final Standing standing;
  private final DealRun.Desk desk;
  private final RandomGenerator random;
  private final Map<DealId, AtWork> atWork = new ConcurrentHashMap<>();
  private final Set<DealId> answered = ConcurrentHashMap.newKeySet();

  /// A run and the thread that does it.
  private record AtWork(DealRun run, Thread thread) {}

  Deals(ProviderPolicy owner, Standing standing, DealRun.Desk desk, RandomGenerator random) {
    this.owner = owner;
    this.standing = standing;
    this.desk = desk;
    this.random = random;
  }

  /// What a Hello says is running.
  List<DealRef> running() {
    desk.spool().sweep(desk.voice().clock().now())
        .forEach(deal -> Thread.ofVirtual().name("kill-" + deal).start(() -> stop(deal)));
    return desk.spool().all().stream().map(Messages::ref).toList();
  }

  /// Obeys a Reconcile: stops what is to be stopped, goes on with the rest and says again what may have been missed.
  void reconcile(Reconcile word) {
    word.getKillList().forEach(this::kill);
    for (var ref : word.getKeepList()) {
      desk.spool().find(Messages.deal(ref.getDeal())).filter(SpooledDeal::taken).ifPresent(this::goOn);
    }
  }

  /// Ends what an earlier process has left running of deals that are over.
  void discardOrphans() {
    desk.engine().discardAllBut(() -> desk.spool().all().stream().filter(deal -> deal.ending().isEmpty())
        .map(SpooledDeal::deal).collect(Collectors.toSet()));
  }

  /// Says again what nobody has answered yet.
  void remind() {
    desk.spool().all().stream().filter(deal -> !answered.contains(deal.deal()))
        .forEach(desk::sayEnding);
  }

  /// Signs a lease or says why not; the same lease gets the same answer.
  void signLease(SignLease asked, Signed<ResourceOffer> offered) {
    var lease = ValuesWire.lease(asked.getLease());
    var known = desk.spool().find(lease.deal());
    if (known.isPresent() && known.get().lease().equals(lease)) {
      desk.uplink().send(Messages.leaseSigned(known.get().run().getLease()));
      return;
    }
    var refusal = known.isPresent()
        ? Optional.of("another lease has been signed for this deal")
        : refusal(asked, lease, offered);
    if (refusal.isPresent()) {
      LOG.info("lease for deal {} declined: {}", lease.deal(), refusal.get());
      desk.uplink().send(Messages.leaseDeclined(lease.deal(), refusal.get()));
      return;
    }
    var signed = SignedWire.toProto(desk.voice().sign(lease));
    prepare(desk.spool()
        .leased(Run.newBuilder().setOffer(asked.getOffer()).setLease(signed).setSpec(asked.getSpec()).build()));
    desk.uplink().send(Messages.leaseSigned(signed));
  }

  /// Before the lease is out: a run that was told to begin would meet it.
  private void prepare(SpooledDeal deal) {
    if (deal.offer().work().inputs().isZero()) {
      desk.engine().prepare(desk.task(deal));
    }
  }

  private Optional<String> refusal(SignLease asked, Lease lease, Signed<ResourceOffer> offered) {
    var signatures = new Signatures(desk.voice().market().domain());
    return switch (new WireDoor(signatures).admit(JobOffer.class, asked.getOffer())) {
      case Admission.Refused(var why) -> Optional.of(why.message());
      case Admission.Admitted(var offer) -> {
        var policy = new AgentPolicy(owner, offered.word(), signatures.digest(offered.word()),
            new AgentPolicy.Machine(desk.engine().engines(), desk.engine().noHttp()));
        yield spool(lease).or(() -> switch (WireDoor.admitSpec(offer.word().work().module(), asked.getSpec())) {
          case Admission.Refused(var why) -> Optional.of(why.message());
          case Admission.Admitted(var spec) -> unrunnable(offer.word(), lease, spec).or(() -> policy.refusal(
              new AgentPolicy.Proposal(offer, signatures.digest(offer.word()), lease, spec), room(offered.word()),
              desk.voice().clock().now())).or(() -> memory(offer.word().work()));
        });
      }
    };
  }

  private Optional<String> spool(Lease lease) {
    if (desk.spool().full()) {
      return Optional.of("too many deals: " + Spool.DEALS_MAX);
    }
    boolean used = desk.spool().all().stream().anyMatch(deal -> deal.lease().epoch() == lease.epoch());
    return used ? Optional.of("epoch " + lease.epoch() + " belongs to another deal") : Optional.empty();
  }

  private Optional<String> unrunnable(JobOffer offer, Lease lease, JobSpec spec) {
    if (spec.engine() != offer.work().engine()) {
      return Optional.of("the spec wants engine " + spec.engine() + ", the offer " + offer.work().engine());
    }
    try {
      var task = new Task(lease.deal(), spec, Task.Grant.of(offer.work()), desk.spool().runDirectory(lease.deal()));
      return task.deal().equals(lease.deal()) ? Optional.empty() : Optional.of("another deal");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Engines have different memory; the offer says what the largest has.
  private Optional<String> memory(Work work) {
    long taken = live().stream().filter(deal -> deal.spec().engine() == work.engine())
        .mapToLong(deal -> deal.offer().work().resources().ramMib()).sum();
    long free = desk.engine().memoryMib(work.engine()) - taken;
    return work.resources().ramMib() <= free ? Optional.empty()
        : Optional.of("memory: " + work.resources().ramMib() + " MiB for " + work.engine() + " (expected: at most "
            + free + ")");
  }

  private AgentPolicy.Room room(ResourceOffer offered) {
    var free = offered.capacity().min(standing.now().inventory());
    var live = live();
    for (var deal : live) {
      free = free.minus(deal.offer().work().resources());
    }
    return new AgentPolicy.Room(free, live.size(), standing.draining(), standing.disk().bytes(live));
  }

  private List<SpooledDeal> live() {
    long now = desk.voice().clock().now();
    return desk.spool().all().stream().filter(deal -> deal.holdsSlice(now)).toList();
  }

  /// How many deals still need this agent: to run, or to hear that the gateway has their end.
  int needed() {
    long unheard = desk.spool().all().stream()
        .filter(deal -> deal.ending().isPresent() && !answered.contains(deal.deal())).count();
    return live().size() + Math.toIntExact(unheard);
  }

  /// Takes a run; nothing changes if it was taken before.
  void run(Run word) {
    var deal = ValuesWire.lease(word.getLease().getLease()).deal();
    var known = desk.spool().find(deal).or(() -> ours(word));
    if (known.isEmpty()) {
      LOG.warn("run of deal {} ignored: this agent has not signed its lease", deal);
      return;
    }
    var taken = known.get().taken() ? known.get() : desk.spool().taken(known.get());
    goOn(taken);
  }

  /// A lease that this wallet signed, though the spool was lost.
  private Optional<SpooledDeal> ours(Run word) {
    var door = new WireDoor(new Signatures(desk.voice().market().domain()));
    return door.admit(Lease.class, word.getLease()) instanceof Admission.Admitted(var lease)
        && lease.signer().equals(desk.voice().wallet().address())
        && lease.word().submitBy() > desk.voice().clock().now() ? Optional.of(desk.spool().leased(word))
            : Optional.empty();
  }

  /// @param deal as it was when it was looked up: its run may have ended since, or be over and forgotten
  void goOn(SpooledDeal deal) {
    desk.uplink().send(Messages.runTaken(deal));
    begun(deal.deal()).ifPresentOrElse(working -> working.run().announce(), () -> sayAgain(deal.deal()));
  }

  /// The run of a deal, begun if it was not; empty if the deal has ended. A run writes its end down before it is no
  /// longer at work, so that it cannot be missed in both places.
  private Optional<AtWork> begun(DealId deal) {
    return unended(deal).flatMap(_ -> Optional.ofNullable(
        atWork.computeIfAbsent(deal, missing -> unended(missing).map(this::start).orElse(null))));
  }

  private Optional<SpooledDeal> unended(DealId deal) {
    return desk.spool().find(deal).filter(known -> known.ending().isEmpty());
  }

  private void sayAgain(DealId deal) {
    desk.spool().find(deal).ifPresent(ended -> {
      // an answer of an earlier session, or of this one before it knew the deal, was about that session
      answered.remove(deal);
      desk.sayEnding(ended);
    });
  }

  /// How many runs are at work.
  int atWork() {
    return atWork.size();
  }

  private AtWork start(SpooledDeal deal) {
    var run = new DealRun(deal, desk, desk.voice().market().contentBytesMax());
    return new AtWork(run, Thread.ofVirtual().name("deal-" + deal.deal()).start(() -> work(deal.deal(), run)));
  }

  private void work(DealId deal, DealRun run) {
    try {
      run.work(new Backoff(random));
    } catch (InterruptedException _) {
      LOG.debug("deal {} stops", deal);
    } finally {
      atWork.remove(deal);
    }
  }

  /// Stops a run, forgets it, and then says so. What it had written is its creator's, if the creator cancelled it.
  void kill(DealRef ref) {
    var deal = Messages.deal(ref.getDeal());
    Thread.ofVirtual().name("kill-" + deal).start(() -> {
      if (stop(deal)) {
        var written = written(deal);
        desk.spool().forget(deal);
        answered.remove(deal);
        desk.uplink().send(Messages.killed(ref));
        written.ifPresent(result -> leave(deal, result));
      }
    });
  }

  /// A disk that fails must not keep the slice.
  private Optional<Path> written(DealId deal) {
    try {
      return desk.spool().setAside(deal);
    } catch (IOException e) {
      LOG.warn("what deal {} had written is lost: {}", deal, e.toString());
      return Optional.empty();
    }
  }

  /// Best effort, after the slice is free: nobody is owed it. The gateway takes it of cancelled deals only.
  private void leave(DealId deal, Path result) {
    try {
      desk.content().putResult(deal,
          AgentContent.blocks(new ResultTree(result), desk.voice().market().contentBytesMax()), AgentContent.latest());
    } catch (GatewayRefusedException | GatewayUnavailableException | ContentException e) {
      LOG.debug("what deal {} had written is not kept: {}", deal, e.getMessage());
    } finally {
      desk.spool().discard(result);
    }
  }

  /// Drops a deal that nobody needs any more.
  void forget(DealRef ref) {
    var deal = Messages.deal(ref.getDeal());
    Thread.ofVirtual().name("forget-" + deal).start(() -> {
      if (stop(deal)) {
        desk.spool().forget(deal);
        answered.remove(deal);
      }
    });
  }

  private boolean stop(DealId deal) {
    try {
      var working = atWork.get(deal);
      if (working != null) {
        working.thread().interrupt();
      }
      desk.engine().kill(deal);
      if (working != null) {
        working.thread().join();
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// A result was taken, or not. Only one that may be taken later is offered again in this session.
  void answered(ResultAnswer answer) {
    var deal = Messages.deal(answer.getDeal());
    if (!answer.hasRefused()) {
      answered.add(deal);
      return;
    }
    var why = RejectionWire.fromProto(answer.getRefused());
    LOG.warn("result of deal {} refused: {}", deal, why.message());
    // what is too early now will not be
    if (why.retryAfter().isEmpty() && !(why instanceof Rejection.TooEarly)) {
      answered.add(deal);
    }
  }

  /// Leaves every run without forgetting it: the next process goes on with it, where it is if it outlives this one,
  /// else from its beginning.
  void close() {
    atWork.forEach((deal, working) -> {
      if (desk.engine().outlives(working.run().engine())) {
        letGo(working.thread());
      } else {
        stop(deal);
      }
    });
  }

  private static void letGo(Thread working) {
    try {
      working.interrupt();
      working.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
