package network.lilypad.actors.machine;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.actors.machine.Machine.Attributes;
import network.lilypad.actors.machine.Machine.Change;
import network.lilypad.actors.machine.Machine.Delist;
import network.lilypad.actors.machine.Machine.Delisted;
import network.lilypad.actors.machine.Machine.Enlist;
import network.lilypad.actors.machine.Machine.Event;
import network.lilypad.actors.machine.Machine.Free;
import network.lilypad.actors.machine.Machine.Freed;
import network.lilypad.actors.machine.Machine.Hello;
import network.lilypad.actors.machine.Machine.Listed;
import network.lilypad.actors.machine.Machine.OnBook;
import network.lilypad.actors.machine.Machine.Reserve;
import network.lilypad.actors.machine.Machine.Reserved;
import network.lilypad.actors.machine.Machine.Tick;
import network.lilypad.actors.machine.Machine.Why;
import network.lilypad.actors.machine.MachineEffect.ListOnBook;
import network.lilypad.actors.machine.MachineEffect.TakeOffBook;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.entity.EntityState;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;

/// The life of a machine in the market: pure, one record per phase. The agent's presence is not journaled and not here.
///
/// A slice is freed only on its deal's word: so a machine that knows no lease of a deal has never signed one that could
/// still be opened, and an epoch is given once.
public sealed interface MachineState extends EntityState<MachineState, Change, Event> {
  /// The most leases at a time: bounds state, snapshots and the agent's introduction.
  int MAX_LEASES = 1024;

  /// It has never been offered.
  record Unlisted(MachineId machine) implements MachineState {}

  /// A slice and the lease it is set aside for.
  record Slice(Resources resources, Lease lease) {}

  /// What a machine is, whatever its phase.
  ///
  /// @param epoch reservations ever made
  /// @param revision events ever applied
  record Facts(Signed<ResourceOffer> offer, Bytes32 digest, Attributes attributes, Resources inventory,
      SortedMap<DealId, Slice> leases, long epoch, long revision) {
    /// Copies the map.
    public Facts {
      leases = Collections.unmodifiableSortedMap(new TreeMap<>(leases));
    }

    /// What it may sell: the smaller of what its owner offers and what its agent found.
    Resources capacity() {
      return offer.word().capacity().min(inventory);
    }

    /// What is not reserved.
    Resources free() {
      var free = capacity();
      for (var slice : leases.values()) {
        free = free.minus(slice.resources);
      }
      return free;
    }

    List<Machine.Held> held() {
      return leases.values().stream().map(slice -> new Machine.Held(slice.lease.job(), slice.lease.attempt()))
          .toList();
    }

    MachineId id() {
      return offer.word().machineId();
    }

    boolean offers(Hello hello) {
      return digest.equals(hello.digest()) && attributes.equals(hello.attributes().after(attributes))
          && inventory.equals(hello.inventory());
    }

    Facts listed(Listed e) {
      return new Facts(e.offer(), e.digest(), e.attributes(), e.inventory(), leases, epoch, revision + 1);
    }

    Facts with(DealId deal, Slice slice) {
      var more = new TreeMap<>(leases);
      more.put(deal, slice);
      return new Facts(offer, digest, attributes, inventory, more, slice.lease.epoch(), revision + 1);
    }

    Facts without(DealId deal) {
      var fewer = new TreeMap<>(leases);
      fewer.remove(deal);
      return new Facts(offer, digest, attributes, inventory, fewer, epoch, revision + 1);
    }

    Facts next() {
      return new Facts(offer, digest, attributes, inventory, leases, epoch, revision + 1);
    }
  }

  /// It takes work.
  record Open(Facts facts) implements MachineState {}

  /// Its agent is gone or its offer ran out; leases it holds live on.
  record Offline(Facts facts) implements MachineState {}

  /// Its owner wants no new work; leases it holds live on.
  record Draining(Facts facts) implements MachineState {}

  @Override default Decision<Event> decide(Change command, long now) {
    return switch (new Given(this, command)) {
      case Given(Unlisted _, Enlist(var hello)) -> MachineRules.enlist(hello, now);
      case Given(Open s, Enlist(var hello)) -> s.facts.offers(hello)
          ? Decision.alreadyDone()
          : MachineRules.renew(s.facts, hello, now);
      case Given(Offline s, Enlist(var hello)) -> MachineRules.renew(s.facts, hello, now);
      case Given(Draining s, Enlist(var hello)) -> MachineRules.renew(s.facts, hello, now);

      case Given(Open _, Delist(var why)) -> Decision.persist(new Delisted(why, now));
      case Given(Offline _, Delist(var why)) when why == Why.DRAINED -> Decision.persist(new Delisted(why, now));
      case Given(Open s, Tick _) -> now > s.facts.offer.word().validUntil()
          ? Decision.persist(new Delisted(Why.RAN_OUT, now))
          : MachineRules.askOverdue(s.facts, now);
      case Given(Offline s, Tick _) -> MachineRules.askOverdue(s.facts, now);
      case Given(Draining s, Tick _) -> MachineRules.askOverdue(s.facts, now);

      case Given(Open s, Reserve reserve) -> MachineRules.reserve(s.facts, reserve, now);
      case Given(Offline s, Reserve reserve) when s.facts.leases.containsKey(reserve.deal()) ->
        Decision.alreadyDone();
      case Given(Draining s, Reserve reserve) when s.facts.leases.containsKey(reserve.deal()) ->
        Decision.alreadyDone();
      case Given(Unlisted(var machine), Reserve _) ->
        Decision.reject(new Rejection.MachineUnavailable(machine.toString(), phase()));
      case Given(Offline s, Reserve _) ->
        Decision.reject(new Rejection.MachineUnavailable(s.facts.id().toString(), phase()));
      case Given(Draining s, Reserve _) ->
        Decision.reject(new Rejection.MachineUnavailable(s.facts.id().toString(), phase()));

      case Given(Open s, Free free) -> free(s.facts, free, now);
      case Given(Offline s, Free free) -> free(s.facts, free, now);
      case Given(Draining s, Free free) -> free(s.facts, free, now);

      case Given(Unlisted _, Free _),Given(_, Delist _),Given(_, OnBook _),Given(Unlisted _, Tick _) ->
        Decision.alreadyDone();
    };
  }

  private static Decision<Event> free(Facts facts, Free free, long now) {
    return facts.leases.containsKey(free.deal())
        ? Decision.persist(new Freed(free.deal(), now))
        : Decision.alreadyDone();
  }

  @Override default MachineState apply(Event event) {
    return switch (new Past(this, event)) {
      case Past(Unlisted _, Listed(var offer, var digest, var attributes, var inventory, _)) ->
        new Open(new Facts(offer, digest, attributes, inventory, new TreeMap<>(), 0, 1));
      case Past(Open s, Listed e) -> new Open(s.facts.listed(e));
      case Past(Offline s, Listed e) -> new Open(s.facts.listed(e));
      case Past(Draining s, Listed e) -> new Open(s.facts.listed(e));
      case Past(Open s, Delisted(var why, _)) -> delisted(s.facts.next(), why);
      case Past(Offline s, Delisted(var why, _)) -> delisted(s.facts.next(), why);
      case Past(Open s, Reserved(var deal, var slice, var lease, _)) ->
        new Open(s.facts.with(deal, new Slice(slice, lease)));
      case Past(Open s, Freed(var deal, _)) -> new Open(s.facts.without(deal));
      case Past(Offline s, Freed(var deal, _)) -> new Offline(s.facts.without(deal));
      case Past(Draining s, Freed(var deal, _)) -> new Draining(s.facts.without(deal));
      case Past(var s, var e) -> throw new Defect("corrupt journal: " + e + " in " + s);
    };
  }

  private static MachineState delisted(Facts facts, Why why) {
    return why == Why.DRAINED ? new Draining(facts) : new Offline(facts);
  }

  @Override default List<Effect> outstanding() {
    return switch (this) {
      case Unlisted _ -> List.of();
      case Open(var f) ->
        List.of(new ListOnBook(f.offer, f.digest, f.attributes, f.free(), f.held(), f.revision));
      case Offline(var f) -> List.of(takeOff(f));
      case Draining(var f) -> List.of(takeOff(f));
    };
  }

  private static TakeOffBook takeOff(Facts f) {
    return new TakeOffBook(f.id(), f.offer.word().market(), f.revision);
  }

  @Override default List<Effect> settledBy(Change command) {
    return command instanceof OnBook(var revision) && known().stream().anyMatch(f -> f.revision == revision)
        ? outstanding()
        : List.of();
  }

  @Override default OptionalLong wakeAt() {
    var overdue = known().stream().flatMap(f -> f.leases.values().stream())
        .mapToLong(slice -> MachineRules.overdueAt(slice.lease)).min();
    return this instanceof Open(var f)
        ? OptionalLong.of(Math.min(f.offer.word().validUntil() + 1, overdue.orElse(Long.MAX_VALUE)))
        : overdue;
  }

  /// A machine never ends.
  @Override default boolean terminal() {
    return false;
  }

  /// What it is; empty before the first listing.
  default List<Facts> known() {
    return switch (this) {
      case Unlisted _ -> List.of();
      case Open(var f) -> List.of(f);
      case Offline(var f) -> List.of(f);
      case Draining(var f) -> List.of(f);
    };
  }

  /// The phase's name.
  default String phase() {
    return getClass().getSimpleName();
  }

  /// A state and a command.
  record Given(MachineState state, Change command) {}

  /// A state and an event.
  record Past(MachineState state, Event event) {}
}
