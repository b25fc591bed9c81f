package network.lilypad.actors.machine;

import java.io.IOException;
import java.util.List;
import network.lilypad.actors.GoldenTable;
import network.lilypad.actors.Named;
import network.lilypad.actors.Samples;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;

class MachineTableTest {
  @Test void the_machines_table_is_the_committed_one() throws IOException {
    GoldenTable.matches("machine.txt", "at 1080\n" + GoldenTable.of(states(), commands(), events(), 1_080)
        + "at 3001\n" + GoldenTable.of(states(), late(), List.of(), 3_001));
  }

  private static List<Named<MachineState>> states() {
    MachineState unlisted = new MachineState.Unlisted(Samples.MACHINE);
    var open = unlisted.apply(listed(Samples.hello(1, 2, 2)));
    var leased = open.apply(reserved());
    return List.of(new Named<>("Unlisted", unlisted), new Named<>("Open", open), new Named<>("Open, leased", leased),
        new Named<>("Offline, leased", leased.apply(new Machine.Delisted(Machine.Why.AGENT_LOST, 1_020))),
        new Named<>("Draining, leased", leased.apply(new Machine.Delisted(Machine.Why.DRAINED, 1_020))));
  }

  private static Machine.Event listed(Machine.Hello hello) {
    return new Machine.Listed(hello.offer(), hello.digest(), hello.attributes(), hello.inventory(), 1_000);
  }

  private static Machine.Event reserved() {
    return new Machine.Reserved(Samples.JOB.deal(1), Samples.demand(), Samples.leaseWord(), 1_010);
  }

  private static Named<Machine.Change> named(String name, Machine.Change command) {
    return new Named<>(name, command);
  }

  private static Machine.Reserve reserve(int attempt, Lp price) {
    return new Machine.Reserve(Samples.JOB, Samples.offer(), attempt, price, Refs.DEAL);
  }

  private static List<Named<Machine.Change>> late() {
    return List.of(named("Enlist 1", new Machine.Enlist(Samples.hello(1, 2, 2))),
        named("Reserve for attempt 2", reserve(2, Samples.PRICE)), named("Tick", new Machine.Tick()));
  }

  private static List<Named<Machine.Change>> commands() {
    return List.of(named("Enlist 1", new Machine.Enlist(Samples.hello(1, 2, 2))),
        named("Enlist 1, changed", new Machine.Enlist(new Machine.Hello(Samples.machineOffer(1, 1, 9), Bytes32.ZERO,
            Samples.hello(1, 2, 2).attributes(), Samples.gpus(1), List.of()))),
        named("Enlist 2", new Machine.Enlist(Samples.hello(2, 1, 9))),
        named("Enlist 0", new Machine.Enlist(Samples.hello(0, 2, 2))),
        named("Delist, agent lost", new Machine.Delist(Machine.Why.AGENT_LOST)),
        named("Delist, drained", new Machine.Delist(Machine.Why.DRAINED)),
        named("Reserve for attempt 1", reserve(1, Samples.PRICE)),
        named("Reserve for attempt 2", reserve(2, Samples.PRICE)),
        named("Reserve for attempt 2, too cheap", reserve(2, Lp.gwei(199))),
        named("Free 1", new Machine.Free(Samples.JOB.deal(1), true, Refs.DEAL)),
        named("Free 2", new Machine.Free(Samples.JOB.deal(2), false, Refs.DEAL)),
        named("OnBook 1", new Machine.OnBook(1)), named("OnBook 2", new Machine.OnBook(2)),
        named("Tick", new Machine.Tick()));
  }

  private static List<Named<Machine.Event>> events() {
    return List.of(new Named<>("Listed", listed(Samples.hello(2, 1, 9))),
        new Named<>("Delisted, agent lost", new Machine.Delisted(Machine.Why.AGENT_LOST, 1_080)),
        new Named<>("Delisted, drained", new Machine.Delisted(Machine.Why.DRAINED, 1_080)),
        new Named<>("Reserved", reserved()), new Named<>("Freed", new Machine.Freed(Samples.JOB.deal(1), 1_080)));
  }
}
