package network.lilypad.actors.simulation;

import java.util.function.Consumer;

/// One session between an agent and its machine's entity: in order both ways, until it breaks; then what is under way
/// is lost.
final class Link {
  final long number;
  private final World world;
  private final Agent agent;
  private final MachineNode machine;
  private boolean up = true;
  private long lastDown;
  private long lastUp;

  Link(World world, Agent agent, MachineNode machine, long number) {
    this.world = world;
    this.agent = agent;
    this.machine = machine;
    this.number = number;
  }

  boolean up() {
    return up;
  }

  void breakNow() {
    up = false;
  }

  void toAgent(Object what, Consumer<Agent> delivery) {
    lastDown = Math.max(lastDown, world.clock.millis() + world.network.delayMillis());
    world.clock.after(lastDown - world.clock.millis(), agent.name, what, () -> {
      if (up && agent.hears(this)) {
        delivery.accept(agent);
      }
    });
  }

  void toMachine(Object what, Consumer<MachineNode> delivery) {
    lastUp = Math.max(lastUp, world.clock.millis() + world.network.delayMillis());
    world.clock.after(lastUp - world.clock.millis(), machine.name, what, () -> {
      if (up && machine.arrives()) {
        delivery.accept(machine);
      }
    });
  }
}
