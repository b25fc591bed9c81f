package network.lilypad.actors.market;

import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import org.jspecify.annotations.Nullable;

/// A machine in the book. Two registers, each keeping its newest word whatever the order of arrival: the *entry* by
/// (version, revision), the *standing* by revision.
final class RestingMachine implements Supply {
  private static final long UNHEARD = -1;

  private final MachineId id;
  private ResourceEntry entry;
  private Standing standing;
  private Resources own;
  private Resources free;
  /// The revision at which it refused or could not be reached: left alone until a later one.
  private long shunnedAt = UNHEARD;
  private Ask perCore;
  private @Nullable Ask perGpu;
  private final long[] profile = new long[Profile.WIDTH];
  /// What it looks at next among the waiting jobs; null while it looks at none.
  @Nullable
  Look look;
  /// Its neighbours among its provider's machines.
  @Nullable
  RestingMachine next;
  @Nullable
  RestingMachine previous;

  RestingMachine(MachineId id, ResourceEntry entry) {
    this.id = id;
    this.entry = entry;
    this.standing = entry.standing();
    this.own = ownFigure();
    this.free = own;
    this.perCore = new Ask(this, entry.offer().askPerCoreSecond().gwei());
    setEntry(entry);
  }

  /// Its place in one of the two orders.
  static final class Ask extends Place {
    private final RestingMachine machine;
    private final long gwei;

    private Ask(RestingMachine machine, long gwei) {
      super(gwei, machine.entry.age());
      this.machine = machine;
      this.gwei = gwei;
    }

    RestingMachine machine() {
      return machine;
    }

    long gwei() {
      return gwei;
    }

    @Override int compareIds(Place other) {
      return machine.id.compareTo(((Ask) other).machine.id);
    }
  }

  MachineId id() {
    return id;
  }

  ResourceEntry entry() {
    return entry;
  }

  Standing standing() {
    return standing;
  }

  Ask perCore() {
    return perCore;
  }

  /// Its place among the machines with GPUs; null if it offers none.
  @Nullable Ask perGpu() {
    return perGpu;
  }

  @Nullable Ask ask(boolean gpus) {
    return gpus ? perGpu : perCore;
  }

  boolean isOlderThan(ResourceEntry other) {
    long version = entry.offer().version();
    return version < other.offer().version()
        || (version == other.offer().version() && entry.standing().revision() < other.standing().revision());
  }

  /// Must be in no index.
  void setEntry(ResourceEntry newer) {
    entry = newer;
    var offer = newer.offer();
    perCore = new Ask(this, offer.askPerCoreSecond().gwei());
    perGpu = offer.capacity().gpus() > 0 ? new Ask(this, offer.askPerGpuSecond().gwei()) : null;
    own = ownFigure();
  }

  void setStanding(Standing newer) {
    standing = newer;
    own = ownFigure();
  }

  /// What it has free by its own word, at most what its offer names.
  Resources own() {
    return own;
  }

  private Resources ownFigure() {
    return entry.offer().capacity().min(standing.free());
  }

  /// What its entry says, as an index knows it: its own copy, so that a change of what is free looks nothing else up.
  long[] profile() {
    return profile;
  }

  void setFree(Resources left) { free = left; }

  void shun() {
    shunnedAt = standing.revision();
  }

  @Override public ResourceOffer offer() {
    return entry.offer();
  }

  @Override public Domain ledger() {
    return entry.ledger();
  }

  @Override public Attributes attributes() {
    return entry.attributes();
  }

  @Override public boolean open() {
    return standing.open() && standing.revision() > shunnedAt;
  }

  @Override public Resources free() {
    return free;
  }
}
