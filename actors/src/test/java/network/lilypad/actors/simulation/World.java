package network.lilypad.actors.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;

/// All there is in one run, and how its parts find each other.
final class World {
  private static final Signature SIGNATURE = Signature.of(new byte[]{1});

  final SplittableRandom random;
  final Faults faults;
  final Sabotage sabotage;
  final Trace trace;
  final Coverage coverage = new Coverage();
  final Scheduler clock = new Scheduler();
  final Network network = new Network(this);
  final Auditor auditor = new Auditor(this);
  final SimLedger ledger;
  final Line line;
  final Keeper keeper = new Keeper(this);
  final List<Market> markets = new ArrayList<>();
  final List<Agent> agents = new ArrayList<>();
  final Map<JobId, Creator> creators = new LinkedHashMap<>();
  final Map<JobId, JobNode> jobs = new LinkedHashMap<>();
  final Map<DealId, DealNode> deals = new LinkedHashMap<>();
  final Map<MachineId, MachineNode> machines = new LinkedHashMap<>();
  private final Set<Word> signed = new HashSet<>();
  private boolean changed;

  private record Word(Address signer, Signable word) {}

  World(long seed, Sabotage sabotage, boolean wholeTrace) {
    this.random = new SplittableRandom(seed);
    this.faults = Faults.draw(random);
    this.sabotage = sabotage;
    this.trace = new Trace(wholeTrace);
    this.ledger = new SimLedger(clock::seconds, auditor, sabotage);
    this.line = new Line(this);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  boolean stormy() {
    return clock.seconds() < Scheduler.BEGIN_SECONDS + faults.stormSeconds();
  }

  boolean sabotaged(Sabotage how) {
    return sabotage == how;
  }

  /// Somebody's own word, from its own key.
  <T extends Signable> Signed<T> sign(Address signer, T word) {
    signed.add(new Word(signer, word));
    return new Signed<>(word, signer, SIGNATURE);
  }

  /// What nobody has signed but looks as if: only a broken verifier lets it in.
  <T extends Signable> Signed<T> forge(Address signer, T word) {
    return new Signed<>(word, signer, SIGNATURE);
  }

  boolean hasSigned(Address signer, Signable word) {
    return signed.contains(new Word(signer, word));
  }

  /// Something that invariants speak of has changed in this step.
  void changed() {
    changed = true;
  }

  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  Creator creator(JobId job) {
    return Objects.requireNonNull(creators.get(job));
  }

  Optional<Agent> agentOf(Address provider) {
    return agents.stream().filter(agent -> agent.provider.equals(provider)).findFirst();
  }

  JobNode job(JobId id) {
    return jobs.computeIfAbsent(id, key -> new JobNode(this, key));
  }

  DealNode deal(JobId job, int attempt) {
    var id = job.deal(attempt);
    return deals.computeIfAbsent(id, key -> {
      var name = job(job).name + "/" + attempt;
      trace.name(key, name);
      return new DealNode(this, key, name);
    });
  }

  DealNode deal(DealId id) {
    return Objects.requireNonNull(deals.get(id), "a deal is spoken to before anybody has proposed it");
  }

  MachineNode machine(MachineId id) {
    return machines.computeIfAbsent(id, key -> new MachineNode(this, key));
  }

  void tell(JobId job, Job.Change command) {
    var node = job(job);
    network.send(node.name, command, () -> node.tell(command));
  }

  void tell(DealNode node, Deal.Change command) {
    network.send(node.name, command, () -> node.tell(command));
  }

  void tell(DealId deal, Deal.Change command) {
    tell(deal(deal), command);
  }

  void tell(MachineId machine, Machine.Change command) {
    var node = machine(machine);
    network.send(node.name, command, () -> node.tell(command));
  }

  void tell(MachineId machine, Machine.Run command) {
    var node = machine(machine);
    network.send(node.name, command, () -> node.run(command));
  }
}
