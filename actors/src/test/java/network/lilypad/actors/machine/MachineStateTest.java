package network.lilypad.actors.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import network.lilypad.actors.Samples;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;

class MachineStateTest {
  /// What may happen to a machine.
  sealed interface Move {}

  record Renew(int gpus, long ask) implements Move {}

  record Reserve(int attempt) implements Move {}

  record Free(int attempt) implements Move {}

  record Lose() implements Move {}

  @Property void whatever_is_offered_leases_stay_and_nothing_is_oversold(@ForAll("moves") List<Move> moves) {
    MachineState machine = new MachineState.Unlisted(Samples.MACHINE);
    Map<DealId, Lease> expected = new HashMap<>();
    long epoch = 0;
    int capacity = 0;
    long version = 0;
    for (var move : moves) {
      int before = expected.size();
      var events = decide(machine, command(move, version + 1));
      for (var event : events) {
        machine = machine.apply(event);
        switch (event) {
          case Machine.Listed listed -> {
            version = listed.offer().word().version();
            capacity = Math.min(2, listed.offer().word().capacity().gpus());
          }
          case Machine.Reserved reserved -> {
            assertThat(before).as("sold %s of %s", before, capacity).isLessThan(capacity);
            assertThat(reserved.lease().epoch()).isEqualTo(++epoch);
            expected.put(reserved.deal(), reserved.lease());
          }
          case Machine.Freed freed -> expected.remove(freed.deal());
          case Machine.Delisted _ -> {
          }
        }
      }
      assertThat(leases(machine)).isEqualTo(expected);
    }
  }

  @Provide Arbitrary<List<Move>> moves() {
    Arbitrary<Move> renew = Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.longs().between(1, 3))
        .as(Renew::new);
    Arbitrary<Move> reserve = Arbitraries.integers().between(1, 6).map(Reserve::new);
    Arbitrary<Move> free = Arbitraries.integers().between(1, 6).map(Free::new);
    return Arbitraries.oneOf(renew, reserve, reserve, free, Arbitraries.just(new Lose())).list().ofMaxSize(40);
  }

  private static Machine.Change command(Move move, long version) {
    return switch (move) {
      case Renew(var gpus, var ask) -> new Machine.Enlist(Samples.hello(version, gpus, ask));
      case Reserve(var attempt) -> new Machine.Reserve(Samples.JOB, Samples.offer(), attempt, Samples.PRICE, Refs.DEAL);
      case Free(var attempt) -> new Machine.Free(Samples.JOB.deal(attempt), true, Refs.DEAL);
      case Lose() -> new Machine.Delist(Machine.Why.AGENT_LOST);
    };
  }

  private static List<Machine.Event> decide(MachineState machine, Machine.Change command) {
    return machine.decide(command, 1_000) instanceof Decision.Persist<Machine.Event>(var events) ? events : List.of();
  }

  private static Map<DealId, Lease> leases(MachineState machine) {
    Map<DealId, Lease> leases = new HashMap<>();
    machine.known().forEach(facts -> facts.leases().forEach((deal, slice) -> leases.put(deal, slice.lease())));
    return leases;
  }

  /// Found by the simulation: a slice taken by an overtaken request was nobody's for ever.
  @Test void a_slice_held_for_too_long_is_asked_for() {
    // given
    var leased = listed()
        .apply(new Machine.Reserved(Samples.JOB.deal(1), Samples.demand(), Samples.leaseWord(), 1_010));
    long overdue = Samples.SUBMIT_BY + MachineRules.OVERDUE_SECONDS;
    // then
    assertThat(leased.wakeAt()).hasValue(overdue);
    assertThat(leased.decide(new Machine.Tick(), overdue - 1)).isEqualTo(Decision.proceed());
    assertThat(leased.decide(new Machine.Tick(), overdue)).isEqualTo(Decision.proceed(new MachineEffect.RefuseLease(
        Samples.JOB.deal(1), new Rejection.TooLate("the lease", Samples.SUBMIT_BY, overdue))));
  }

  @Test void no_slice_is_set_aside_for_a_job_whose_offer_has_run_out() {
    var late = new Machine.Reserve(Samples.JOB, Samples.offer(), 1, Samples.PRICE, Refs.DEAL);
    assertThat(listed().decide(late, Samples.VALID_UNTIL + 1)).isEqualTo(Decision.reject(
        new Rejection.TooLate("the job offer", Samples.VALID_UNTIL, Samples.VALID_UNTIL + 1)));
  }

  @Test void a_reservation_asked_for_again_is_the_same_lease() {
    var reserve = new Machine.Reserve(Samples.JOB, Samples.offer(), 1, Samples.PRICE, Refs.DEAL);
    var leased = listed().apply(decide(listed(), reserve).getFirst());
    var renewed = leased.apply(decide(leased, new Machine.Enlist(Samples.hello(2, 0, 99))).getFirst());
    assertThat(leased.decide(reserve, 1_050)).isEqualTo(Decision.alreadyDone());
    assertThat(renewed.decide(reserve, 1_050)).isEqualTo(Decision.alreadyDone());
    assertThat(leases(renewed)).isEqualTo(leases(leased));
  }

  @Test void a_machine_is_listed_anew_once_for_each_measurement_and_keeps_the_youngest() {
    // given
    var measured = apply(listed(), hello(List.of(speed(10))));
    // then
    assertThat(decide(measured, new Machine.Enlist(hello(List.of(speed(10)))))).isEmpty();
    assertThat(decide(measured, new Machine.Enlist(hello(List.of(speed(9)))))).isEmpty();
    assertThat(decide(measured, new Machine.Enlist(hello(List.of())))).isEmpty();
    // when: its agent comes back before it has found its last measurement
    var back = apply(measured.apply(new Machine.Delisted(Machine.Why.AGENT_LOST, 1_000)), hello(List.of()));
    var again = apply(back, hello(List.of(speed(11))));
    // then
    assertThat(back.known()).singleElement().satisfies(
        facts -> assertThat(facts.attributes().speed()).containsExactly(speed(10)));
    assertThat(again.known()).singleElement().satisfies(
        facts -> assertThat(facts.attributes().speed()).containsExactly(speed(11)));
  }

  private static MachineState apply(MachineState machine, Machine.Hello hello) {
    var events = decide(machine, new Machine.Enlist(hello));
    assertThat(events).hasSize(1);
    return machine.apply(events.getFirst());
  }

  private static Machine.Hello hello(List<MachineSpeed> speed) {
    var plain = Samples.hello(1, 2, 2);
    var attributes = new Machine.Attributes(plain.attributes().engines(), List.of(), List.of(),
        new MachineLimits(NetworkPolicy.NONE, 60, Lp.ZERO), speed);
    return new Machine.Hello(plain.offer(), plain.digest(), attributes, plain.inventory(), List.of());
  }

  private static MachineSpeed speed(long at) {
    return new MachineSpeed(at, 400, 5000, 300, 90);
  }

  private static MachineState listed() {
    var hello = Samples.hello(1, 2, 2);
    return new MachineState.Unlisted(Samples.MACHINE).apply(
        new Machine.Listed(hello.offer(), hello.digest(), hello.attributes(), hello.inventory(), 1_000));
  }
}
