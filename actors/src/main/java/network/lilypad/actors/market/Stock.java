package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import network.lilypad.actors.market.RestingMachine.Ask;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.MachineId;
import org.jspecify.annotations.Nullable;

/// The machines in the book, in two orders: by what they ask per core-second, and those with GPUs by what they ask per
/// GPU-second; and by provider, for jobs that ask for one.
final class Stock {
  private final Profiles profiles;
  private final Map<MachineId, RestingMachine> byId = new HashMap<>();
  private final Map<Address, RestingMachine> firstOf = new HashMap<>();
  private final RankedIndex<Ask> perCore = new RankedIndex<>(Ask.class);
  private final RankedIndex<Ask> perGpu = new RankedIndex<>(Ask.class);
  private final TreeSet<Due> due = new TreeSet<>();
  private long looked;

  Stock(Profiles profiles) {
    this.profiles = profiles;
  }

  private record Due(long at, MachineId id) implements Comparable<Due> {
    static Due of(RestingMachine machine) {
      return new Due(machine.offer().validUntil(), machine.id());
    }

    @Override public int compareTo(Due other) {
      int order = Long.compare(at, other.at);
      return order != 0 ? order : id.compareTo(other.id);
    }
  }

  int size() {
    return byId.size();
  }

  long looked() {
    return looked + perCore.looked() + perGpu.looked();
  }

  @Nullable RestingMachine get(MachineId id) {
    return byId.get(id);
  }

  Collection<RestingMachine> all() {
    return byId.values();
  }

  void add(RestingMachine machine) {
    byId.put(machine.id(), machine);
    var provider = machine.id().provider();
    var second = firstOf.put(provider, machine);
    machine.next = second;
    if (second != null) {
      second.previous = machine;
    }
    index(machine);
  }

  void remove(RestingMachine machine) {
    unindex(machine);
    byId.remove(machine.id());
    var next = machine.next;
    var previous = machine.previous;
    if (next != null) {
      next.previous = previous;
    }
    if (previous != null) {
      previous.next = next;
    } else if (next != null) {
      firstOf.put(machine.id().provider(), next);
    } else {
      firstOf.remove(machine.id().provider());
    }
    machine.next = null;
    machine.previous = null;
  }

  void replace(RestingMachine machine, ResourceEntry newer) {
    unindex(machine);
    machine.setEntry(newer);
    index(machine);
  }

  private void index(RestingMachine machine) {
    profiles.describe(machine);
    var profile = profiles.machine(machine);
    perCore.insert(machine.perCore(), profile);
    var ask = machine.perGpu();
    if (ask != null) {
      perGpu.insert(ask, profile);
    }
    due.add(Due.of(machine));
  }

  private void unindex(RestingMachine machine) {
    perCore.remove(machine.perCore());
    var ask = machine.perGpu();
    if (ask != null) {
      perGpu.remove(ask);
    }
    due.remove(Due.of(machine));
  }

  /// What the machine has free, or whether it is open, has changed.
  void changed(RestingMachine machine) {
    var profile = profiles.machine(machine);
    perCore.update(machine.perCore(), profile);
    var ask = machine.perGpu();
    if (ask != null) {
      perGpu.update(ask, profile);
    }
  }

  /// The cheapest machine from `from` on that might do.
  @Nullable Ask next(JobEntry job, @Nullable Ask from, boolean inclusive, long now) {
    var index = job.wantsGpus() ? perGpu : perCore;
    return index.next(from, inclusive, profiles.wantedBy(job, now));
  }

  /// The cheapest machine of the provider that the job asks for that does.
  @Nullable RestingMachine bestOfTarget(JobEntry job, Rules rules, long now) {
    RestingMachine best = null;
    Ask lowest = null;
    for (var machine = firstOf.get(job.offer().target()); machine != null; machine = machine.next) {
      looked++;
      var ask = machine.ask(job.wantsGpus());
      if (ask != null && (lowest == null || ask.compareTo(lowest) < 0) && rules.match(job, machine, now)) {
        best = machine;
        lowest = ask;
      }
    }
    return best;
  }

  /// Machines whose offers have run out, the earliest first.
  List<RestingMachine> expired(long now, int max) {
    var machines = new ArrayList<RestingMachine>();
    for (Due first : due) {
      var machine = byId.get(first.id);
      if (first.at > now || machines.size() == max || machine == null) {
        break;
      }
      machines.add(machine);
    }
    return machines;
  }

  /// The first second at which a machine's offer has run out.
  OptionalLong nextExpiry() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.first().at);
  }

  /// Checks the structure; for tests.
  void validate() {
    perCore.validate();
    perGpu.validate();
    Defect.unless(perCore.size() == byId.size() && due.size() == byId.size(), "stock: sizes differ");
    long withGpus = byId.values().stream().filter(machine -> machine.perGpu() != null).count();
    Defect.unless(perGpu.size() == withGpus, "stock: sizes differ");
    int listed = 0;
    for (var first : firstOf.values()) {
      Defect.unless(first.previous == null, "stock: a first machine has a previous one");
      for (var machine = first; machine != null; machine = machine.next) {
        Defect.unless(byId.get(machine.id()) == machine, "stock: a provider's machine is unknown");
        listed++;
      }
    }
    Defect.unless(listed == byId.size(), "stock: " + listed + " by provider (expected: " + byId.size() + ")");
  }
}
