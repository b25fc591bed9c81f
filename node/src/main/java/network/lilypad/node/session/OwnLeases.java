package network.lilypad.node.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.MachineId;

/// What this session may speak of: leases that its machine was asked to sign, and runs that it was told to run or to
/// keep. Everything else is answered with a refusal. Confined to one actor; bounded by the machine, which bounds its
/// leases.
final class OwnLeases {
  private final MachineId machine;
  private final Map<DealId, Lease> asked = new HashMap<>();
  private final Map<DealId, Long> running = new HashMap<>();

  OwnLeases(MachineId machine) {
    this.machine = machine;
  }

  void ask(Lease lease) {
    asked.put(lease.deal(), lease);
  }

  void run(DealId deal, long epoch) {
    asked.remove(deal);
    running.put(deal, epoch);
  }

  void drop(DealId deal) {
    asked.remove(deal);
    running.remove(deal);
  }

  /// The epoch of a run; 0 if it is none of ours.
  long epoch(DealId deal) {
    return running.getOrDefault(deal, 0L);
  }

  /// What the machine runs, as this session knows it.
  List<Machine.Running> running() {
    return running.entrySet().stream().map(run -> new Machine.Running(run.getKey(), run.getValue())).toList();
  }

  /// Why a run may not speak; empty if it may.
  Optional<Rejection> refuseRun(DealId deal, long epoch) {
    var current = running.get(deal);
    if (current == null) {
      return Optional.of(new Rejection.NoLease(machine.toString(), deal.toString()));
    }
    return current == epoch ? Optional.empty() : Optional.of(new Rejection.StaleEpoch(epoch, current));
  }

  /// Why a result or a release may not be taken; empty if it may.
  Optional<Rejection> refuseDeal(DealId deal) {
    return running.containsKey(deal)
        ? Optional.empty()
        : Optional.of(new Rejection.NoLease(machine.toString(), deal.toString()));
  }

  /// Why a signed lease is not what was asked for; empty if it is.
  Optional<Rejection> refuseLease(Lease lease) {
    var known = asked.get(lease.deal());
    if (known == null) {
      return Optional.of(new Rejection.NoLease(machine.toString(), lease.deal().toString()));
    }
    if (known.epoch() != lease.epoch()) {
      return Optional.of(new Rejection.StaleEpoch(lease.epoch(), known.epoch()));
    }
    return known.equals(lease)
        ? Optional.empty()
        : Optional.of(new Rejection.BadContent("lease of deal " + lease.deal(), "it is not the one asked for"));
  }
}
