package network.lilypad.actors.simulation;

/// The router between all parties. While the storm lasts it loses, repeats, delays and so reorders messages.
final class Network {
  private static final int QUICK_MILLIS = 40;
  private final World world;

  Network(World world) {
    this.world = world;
  }

  void send(String to, Object what, Runnable delivery) {
    if (!world.stormy()) {
      deliver(to, what, delivery);
      return;
    }
    if (!world.chance(world.faults.drop())) {
      deliver(to, what, delivery);
    }
    if (world.chance(world.faults.repeat())) {
      deliver(to, what, delivery);
    }
  }

  private void deliver(String to, Object what, Runnable delivery) {
    world.clock.after(delayMillis(), to, what, delivery);
  }

  /// How long a message takes now.
  long delayMillis() {
    long quick = 1L + world.random.nextInt(QUICK_MILLIS);
    return world.stormy() && world.chance(world.faults.slow())
        ? quick + world.random.nextLong(world.faults.slowestMillis())
        : quick;
  }
}
