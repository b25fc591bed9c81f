package network.lilypad.actors.machine;

import network.lilypad.actors.machine.Machine.Attributes;
import network.lilypad.actors.machine.Machine.Event;
import network.lilypad.actors.machine.Machine.Hello;
import network.lilypad.actors.machine.Machine.Listed;
import network.lilypad.actors.machine.Machine.Reserve;
import network.lilypad.actors.machine.Machine.Reserved;
import network.lilypad.actors.machine.MachineEffect.RefuseLease;
import network.lilypad.actors.machine.MachineState.Facts;
import network.lilypad.actors.machine.MachineState.Slice;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;

/// The conditions behind the rows of [MachineState]'s table, and the terms of a lease.
final class MachineRules {
  /// How long a machine may be silent before a lease can lapse: three missed beats and a gateway's restart fit in.
  static final int TTL_SECONDS = 15;
  /// How long a lease may wait for its opening: the agent's signature and one inclusion.
  static final int OPEN_WITHIN_SECONDS = 60;
  /// What a run gets beyond its own time: fetching, starting, storing its outputs.
  static final int START_AND_STORE_SECONDS = 300;
  /// How long after the last moment of a lease its slice may still be held: a missed answer and its repeat fit in. A
  /// request for a slice that overtakes its giving back leaves one that nobody else would ever free.
  static final int OVERDUE_SECONDS = 120;

  private MachineRules() {}

  static Decision<Event> enlist(Hello hello, long now) {
    return enlist(hello, hello.attributes(), now);
  }

  private static Decision<Event> enlist(Hello hello, Attributes attributes, long now) {
    var offer = hello.offer().word();
    if (!hello.offer().signer().equals(offer.provider())) {
      return Decision.reject(
          new Rejection.NotAParty(hello.offer().signer().toString(), "the provider " + offer.provider()));
    }
    return now <= offer.validUntil()
        ? Decision.persist(new Listed(hello.offer(), hello.digest(), attributes, hello.inventory(), now))
        : Decision.reject(new Rejection.TooLate("the resource offer", offer.validUntil(), now));
  }

  static Decision<Event> renew(Facts facts, Hello hello, long now) {
    long present = facts.offer().word().version();
    long renewed = hello.offer().word().version();
    boolean another = renewed == present && !hello.digest().equals(facts.digest());
    return renewed < present || another
        ? Decision.reject(new Rejection.Malformed("version", Long.toString(renewed), "above " + present))
        : enlist(hello, hello.attributes().after(facts.attributes()), now);
  }

  static Decision<Event> reserve(Facts facts, Reserve reserve, long now) {
    var offer = facts.offer().word();
    var job = reserve.offer().word();
    var demand = job.work().resources();
    if (facts.leases().containsKey(reserve.deal())) {
      return Decision.alreadyDone();
    }
    if (now > offer.validUntil()) {
      return Decision.reject(new Rejection.MachineUnavailable(facts.id().toString(), "its offer ran out"));
    }
    if (now > job.validUntil()) {
      return Decision.reject(new Rejection.TooLate("the job offer", job.validUntil(), now));
    }
    if (facts.leases().size() >= MachineState.MAX_LEASES || !facts.free().holds(demand)) {
      return Decision.reject(
          new Rejection.NoCapacity(facts.id().toString(), demand.toString(), facts.free().toString()));
    }
    if (!reserve.price().covers(job.priceAt(offer.askPerGpuSecond(), offer.askPerCoreSecond()))) {
      return Decision.reject(new Rejection.Mismatch("price", reserve.price() + " is below the ask"));
    }
    if (!offer.maxCollateral().covers(job.minCollateral())) {
      return Decision.reject(new Rejection.Mismatch("collateral", job.minCollateral() + " is above the maximum"));
    }
    return Decision.persist(new Reserved(reserve.deal(), demand, lease(facts, reserve, now), now));
  }

  /// Asks the deals of all slices that are held for too long.
  static Decision<Event> askOverdue(Facts facts, long now) {
    return new Decision.Proceed<>(facts.leases().values().stream().map(Slice::lease)
        .filter(lease -> now >= overdueAt(lease))
        .<Effect>map(lease -> new RefuseLease(lease.deal(), new Rejection.TooLate("the lease", lease.submitBy(), now)))
        .toList());
  }

  /// When a slice has been held for longer than any deal should take.
  static long overdueAt(Lease lease) {
    return Math.max(lease.submitBy(), lease.openBy()) + OVERDUE_SECONDS;
  }

  private static Lease lease(Facts facts, Reserve reserve, long now) {
    JobOffer job = reserve.offer().word();
    Lp collateral = job.minCollateral();
    long openBy = Math.min(now + OPEN_WITHIN_SECONDS, job.validUntil());
    long submitBy = Math.min(openBy + job.work().runSeconds() + START_AND_STORE_SECONDS, job.deliverBy());
    return new Lease(reserve.job(), reserve.attempt(), facts.offer().word().provider(), facts.digest(),
        facts.epoch() + 1, reserve.price(), collateral, TTL_SECONDS, openBy, submitBy, Bytes32.ZERO);
  }
}
