package network.lilypad.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealState;
import network.lilypad.actors.machine.MachineState;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;

/// What must hold after every step, and at the end. Sees everything and trusts nobody: it keeps its own count.
final class Auditor {
  private final World world;
  private final Map<Bytes32, ResourceOffer> asks = new HashMap<>();
  private final Map<DealId, Integer> ends = new HashMap<>();

  Auditor(World world) {
    this.world = world;
  }

  /// A provider asks this much from now on.
  void asks(Bytes32 digest, ResourceOffer offer) {
    asks.put(digest, offer);
  }

  ResourceOffer asked(Bytes32 digest) {
    return Objects.requireNonNull(asks.get(digest));
  }

  /// The ledger has moved money.
  void moved() {
    world.changed();
  }

  /// The ledger has opened a deal.
  void opened(SimLedger.Slot slot) {
    var offer = slot.offer.word();
    Violation.unless(world.hasSigned(offer.creator(), offer), "I13: the creator never signed " + offer);
    Violation.unless(world.hasSigned(slot.lease.provider(), slot.lease),
        "I13: the provider never signed " + slot.lease);
    Violation.unless(offer.maxPrice().covers(slot.lease.price()), "I8: opened above the limit: " + slot.lease);
    var ask = asked(slot.lease.offer());
    Violation.unless(slot.lease.price().covers(offer.priceAt(ask.askPerGpuSecond(), ask.askPerCoreSecond())),
        "I8: opened below the ask: " + slot.lease);
  }

  /// The ledger has ended a deal.
  void closed(DealId deal, SimLedger.Slot slot, Lp slash) {
    Violation.unless(ends.merge(deal, 1, Integer::sum) == 1, "I5: a second terminal transfer of " + slot.lease);
    Violation.unless(slash.gwei() == 0 || (world.clock.seconds() > slot.lease.submitBy() && slot.result == null),
        "I7: slashed although no deadline was missed: " + slot.lease);
    Violation.unless(slot.lease.price().covers(slot.paid), "I8: paid above the price: " + slot.lease);
    if (slot.phase == DealPhase.TIMEOUT_SUBMIT_RESULTS) {
      Violation.unless(world.deal(deal).journal().stream().noneMatch(Deal.Submitted.class::isInstance),
          "I7: slashed although a result was taken in time: " + slot.lease);
    }
    if (slot.phase.paid() && slot.result != null) {
      earns(slot);
    }
  }

  private void earns(SimLedger.Slot slot) {
    var offer = slot.offer.word();
    var ask = asked(slot.lease.offer());
    var result = Objects.requireNonNull(slot.result).word();
    var least = SimLedger.part(offer.priceAt(ask.askPerGpuSecond(), ask.askPerCoreSecond()),
        Math.max(1, result.runSeconds()), offer.work().runSeconds());
    Violation.unless(slot.paid.covers(least), "I8: earned " + slot.paid + " (expected: at least " + least + ")");
  }

  /// An agent begins a run: its slice must be set aside for it, else it may be somebody else's soon.
  void runs(MachineId machine, Lease lease) {
    var slice = world.machine(machine).leases().get(lease.deal());
    Violation.unless(slice != null && slice.lease().equals(lease), "I3: a run begins without its slice: " + lease);
  }

  /// After every step in which something changed.
  void check() {
    money();
    ledgersDeals();
    world.machines.values().forEach(this::machine);
    world.deals.values().forEach(this::slice);
    world.agents.forEach(this::agent);
  }

  private void money() {
    long sum = 0;
    for (var entry : world.ledger.buckets().entrySet()) {
      sum += entry.getValue();
      Violation.unless(entry.getValue() >= 0 || entry.getKey().equals(SimLedger.ISSUED),
          "I1: " + entry.getKey() + " holds " + entry.getValue());
    }
    Violation.unless(sum == 0, "I1: all buckets sum up to " + sum + " (expected: 0)");
  }

  private void ledgersDeals() {
    Set<JobId> live = new HashSet<>();
    world.ledger.slots().forEach((deal, slot) -> {
      if (!slot.phase.terminal()) {
        Violation.unless(live.add(slot.lease.job()), "I14: two live deals of one job, the second is " + slot.lease);
        var state = world.deal(deal).state();
        boolean dropped = state instanceof DealState.Settling settling && settling.ending().isEmpty();
        Violation.unless(!dropped, "I2: " + world.deal(deal).name + " was dropped but lives on the ledger");
      }
    });
  }

  /// I3 as the machine sees it: what is set aside fits into the machine, and an epoch is given once.
  private void machine(MachineNode node) {
    Set<Long> epochs = new HashSet<>();
    var sum = Resources.NONE;
    for (MachineState.Slice slice : node.leases().values()) {
      sum = sum.plus(slice.resources());
      Violation.unless(epochs.add(slice.lease().epoch()), "I3: " + node.name + " gave an epoch twice");
    }
    var all = sum;
    world.agentOf(node.id.provider()).ifPresent(agent -> fits(node.name, agent.physical, all));
  }

  /// I3 as the deal sees it: while it may run, its slice is its own under its lease's epoch.
  private void slice(DealNode node) {
    if (node.state() instanceof DealState.Agreed(var terms, var lease, _)) {
      var slice = world.machine(terms.machine()).leases().get(node.id);
      Violation.unless(slice != null && slice.lease().epoch() == lease.word().epoch(),
          "I3: " + node.name + " is agreed without its slice");
    }
  }

  /// I3 as the agent sees it: what really runs fits into the machine.
  private void agent(Agent agent) {
    Set<Long> epochs = new HashSet<>();
    var sum = Resources.NONE;
    for (var run : agent.liveRuns()) {
      sum = sum.plus(run.slice());
      Violation.unless(epochs.add(run.lease.epoch()), "I3: " + agent.name + " runs an epoch twice");
    }
    fits(agent.name, agent.physical, sum);
  }

  private static void fits(String who, Resources physical, Resources sum) {
    Violation.unless(physical.milliCpu() >= sum.milliCpu() && physical.gpus() >= sum.gpus()
        && physical.ramMib() >= sum.ramMib(), "I3: " + who + " is oversold: " + sum + " of " + physical);
  }

  /// When the storm is over and every bound has passed.
  void checkEnd() {
    world.jobs.values().forEach(job -> Violation.unless(!job.known() || job.ended(),
        "I2, I4: " + job.name + " has not ended: " + job.state()));
    world.deals.values().forEach(this::over);
    world.machines.values().forEach(machine -> Violation.unless(machine.leases().isEmpty(),
        "I4: " + machine.name + " still holds " + machine.leases()));
    world.ledger.slots().values().forEach(slot -> Violation.unless(slot.phase.terminal(),
        "I4: still " + slot.phase + " on the ledger: " + slot.lease));
    world.ledger.buckets().forEach((bucket, amount) -> Violation.unless(!bucket.locked() || amount == 0,
        "I4: " + amount + " is locked for ever"));
    Violation.unless(world.ledger.holdsNothing(), "I4: a reservation is left");
    world.jobs.values().forEach(Node::replays);
    world.machines.values().forEach(Node::replays);
    world.deals.values().forEach(Node::replays);
  }

  private void over(DealNode deal) {
    Violation.unless(!deal.known() || deal.state().terminal(), "I4: " + deal.name + " has not ended: " + deal.state());
    Violation.unless(!deal.awake() || deal.pending().isEmpty(),
        "I4: " + deal.name + " still tells the world: " + deal.pending());
  }
}
