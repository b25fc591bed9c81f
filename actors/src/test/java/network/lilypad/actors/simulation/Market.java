package network.lilypad.actors.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobEffect;
import network.lilypad.actors.job.JobState;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineEffect;
import network.lilypad.actors.machine.MachineState;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;

/// A matchmaker that is good enough to make deals and bad enough to test them: doubled, stale and forgetful, it
/// proposes twice, to the excluded and to the full. Its duty is to look at every job that has not ended, from the read
/// side.
final class Market {
  private static final long PROPOSE_MILLIS = 1_500;
  private static final long INDEX_MILLIS = 20_000;
  private static final long PATIENCE_SECONDS = 6;

  private record Resting(JobEffect.ListOnBook job, long proposedAt) {}

  private final World world;
  private final Map<JobId, Resting> jobs = new LinkedHashMap<>();
  private final Map<MachineId, MachineEffect.ListOnBook> machines = new LinkedHashMap<>();
  private final Map<MachineId, Long> revisions = new LinkedHashMap<>();

  Market(World world) {
    this.world = world;
    propose();
    lookAfter();
  }

  void list(JobEffect.ListOnBook list) {
    var known = jobs.get(list.job());
    if (known == null || known.job.attempt() < list.attempt()) {
      jobs.put(list.job(), new Resting(list, 0));
    }
    world.tell(list.job(), new Job.OnBook(list.attempt()));
  }

  void takeOff(JobEffect.TakeOffBook off) {
    jobs.remove(off.job());
    world.tell(off.job(), new Job.OffBook());
  }

  void list(MachineId machine, MachineEffect.ListOnBook list) {
    if (revisions.getOrDefault(machine, 0L) <= list.revision()) {
      revisions.put(machine, list.revision());
      machines.put(machine, list);
    }
    world.tell(machine, new Machine.OnBook(list.revision()));
  }

  void takeOff(MachineEffect.TakeOffBook off) {
    if (revisions.getOrDefault(off.machine(), 0L) <= off.revision()) {
      revisions.put(off.machine(), off.revision());
      machines.remove(off.machine());
    }
    world.tell(off.machine(), new Machine.OnBook(off.revision()));
  }

  /// A deal has answered: whoever proposed it, the attempt is taken.
  void answered(Deal.Terms terms, List<Rejection> refused) {
    var known = jobs.get(terms.job());
    boolean taken = refused.isEmpty() || refused.getFirst() instanceof Rejection.AlreadyProposed;
    if (known != null && known.job.attempt() == terms.attempt() && taken && !sloppy()) {
      jobs.remove(terms.job());
    }
  }

  private void propose() {
    world.clock.after(PROPOSE_MILLIS, "market", "looks for matches", () -> {
      for (var resting : List.copyOf(jobs.values())) {
        boolean due = world.clock.seconds() > resting.proposedAt + PATIENCE_SECONDS
            && world.clock.seconds() >= resting.job.notBefore();
        if (due || sloppy()) {
          propose(resting.job);
        }
      }
      if (sloppy() && world.random.nextInt(10) == 0) {
        reload();
      }
      propose();
    });
  }

  private void propose(JobEffect.ListOnBook job) {
    var fitting = machines.entrySet().stream().filter(entry -> sloppy() || fits(job, entry.getValue())).toList();
    if (fitting.isEmpty()) {
      return;
    }
    var chosen = fitting.get(world.random.nextInt(fitting.size()));
    var offer = chosen.getValue().offer().word();
    Lp price = sloppy() ? job.offer().word().maxPrice().plus(Lp.gwei(world.random.nextInt(3)))
        : job.offer().word().priceAt(offer.askPerGpuSecond(), offer.askPerCoreSecond());
    int attempt = world.sabotaged(Sabotage.ATTEMPT_OPENED_TWICE) ? job.attempt() + world.random.nextInt(2)
        : job.attempt();
    var deal = world.deal(job.job(), attempt);
    world.tell(deal, new Deal.Propose(new Deal.Terms(job.offer(), job.job(), attempt, chosen.getKey(),
        chosen.getValue().digest(), price), Refs.ANSWER));
    jobs.put(job.job(), new Resting(job, world.clock.seconds()));
  }

  private static boolean fits(JobEffect.ListOnBook job, MachineEffect.ListOnBook machine) {
    var wanted = job.offer().word();
    var offer = machine.offer().word();
    return machine.free().holds(wanted.work().resources()) && !job.excluded().contains(offer.provider())
        && wanted.maxPrice().covers(wanted.priceAt(offer.askPerGpuSecond(), offer.askPerCoreSecond()))
        && offer.maxCollateral().covers(wanted.minCollateral());
  }

  /// The book is lost; the read side gives back what was listed and has not ended.
  private void reload() {
    jobs.clear();
    for (var job : world.jobs.values()) {
      if (job.state() instanceof JobState.Open(var facts)) {
        job.state().outstanding().forEach(effect -> jobs.put(facts.job(),
            new Resting((JobEffect.ListOnBook) effect, 0)));
      }
    }
    machines.clear();
    for (var machine : world.machines.values()) {
      if (machine.state() instanceof MachineState.Open) {
        machine.state().outstanding().forEach(
            effect -> machines.put(machine.id, (MachineEffect.ListOnBook) effect));
      }
    }
  }

  /// Wakes each job whose offer has run out, until it has ended.
  private void lookAfter() {
    world.clock.after(INDEX_MILLIS, "market", "looks after the expired", () -> {
      for (var job : world.jobs.values()) {
        boolean due = job.known() && !job.ended()
            && world.clock.seconds() > world.creator(job.id).offer.word().validUntil();
        if (due) {
          world.tell(job.id, new Job.Tick());
        }
      }
      lookAfter();
    });
  }

  private boolean sloppy() {
    return world.stormy() && world.chance(world.faults.sloppiness());
  }
}
