package network.lilypad.executor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Resources;

/// Which deal holds which slice of the machine. An immutable value.
final class Slots {
  /// Most runs at once, however small: each has threads and files of its own.
  static final int RUNS_MAX = 256;
  /// A run takes seconds at least, so asking sooner is in vain.
  private static final long RETRY_MILLIS = 1_000;

  private final Inventory inventory;
  private final Set<String> fenced;
  private final SortedMap<DealId, Slice> taken;

  /// What one deal holds.
  record Slice(Resources resources, List<String> gpus) {}

  private Slots(Inventory inventory, Set<String> fenced, SortedMap<DealId, Slice> taken) {
    this.inventory = inventory;
    this.fenced = fenced;
    this.taken = taken;
  }

  static Slots of(Inventory inventory) {
    return new Slots(inventory, Set.of(), new TreeMap<>());
  }

  /// Why the demand cannot be met now, empty if it can.
  Optional<Rejection> objection(Resources demand) {
    if (taken.size() >= RUNS_MAX) {
      return Optional.of(new Rejection.Overloaded("runs", RUNS_MAX, RETRY_MILLIS));
    }
    var free = free();
    if (!free.holds(demand)) {
      return Optional.of(
          new Rejection.NoCapacity(inventory.machine().toString(), demand.toString(), free.toString()));
    }
    return Optional.empty();
  }

  /// Gives a slice to a deal that holds none; there must be no [#objection].
  Slots take(DealId deal, Resources demand) {
    Defect.unless(!taken.containsKey(deal) && objection(demand).isEmpty(), "slice of " + deal + ": it does not fit");
    var gpus = freeGpus().subList(0, demand.gpus());
    var next = new TreeMap<>(taken);
    next.put(deal, new Slice(demand, List.copyOf(gpus)));
    return new Slots(inventory, fenced, next);
  }

  /// Takes a deal's slice back.
  Slots free(DealId deal) {
    var next = new TreeMap<>(taken);
    Defect.unless(next.remove(deal) != null, "slice of " + deal + " (expected: one that is taken)");
    return new Slots(inventory, fenced, next);
  }

  /// The same slices where these GPUs, and no others, are not given out any more.
  Slots fence(Set<String> gpus) {
    return new Slots(inventory, Set.copyOf(gpus), taken);
  }

  /// The same slices on a machine with these GPUs: what is given out and is not among them is not given out again.
  Slots with(List<Gpu> gpus) {
    return new Slots(inventory.with(gpus), fenced, taken);
  }

  Resources free() {
    var free = inventory.capacity();
    for (var slice : taken.values()) {
      free = free.minus(slice.resources());
    }
    return new Resources(free.milliCpu(), freeGpus().size(), free.gpuModel(), free.vramMibPerGpu(), free.ramMib(),
        free.diskMib());
  }

  List<String> freeGpus() {
    return inventory.gpus().stream().filter(gpu -> !fenced.contains(gpu))
        .filter(gpu -> taken.values().stream().noneMatch(s -> s.gpus().contains(gpu))).toList();
  }

  /// The GPUs of a deal that holds a slice.
  List<String> gpus(DealId deal) {
    return Optional.ofNullable(taken.get(deal)).orElseThrow().gpus();
  }
}
