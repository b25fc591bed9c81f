package network.lilypad.actors.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;

/// The way to the ledger and back: questions and answers are lost, late or doubled like all messages, so the outcome of
/// a question is unknown until it is answered; in an outage nothing is settled at all, and some are told so.
final class Line {
  private static final int LONGEST_OUTAGE_SECONDS = 150;

  private record Outage(long from, long until) {}

  private final World world;
  private final List<Outage> outages = new ArrayList<>();

  Line(World world) {
    this.world = world;
    for (int i = 0; i < world.faults.outages(); i++) {
      long from = Scheduler.BEGIN_SECONDS + world.random.nextLong(world.faults.stormSeconds());
      outages.add(new Outage(from, from + 1 + world.random.nextInt(LONGEST_OUTAGE_SECONDS)));
    }
  }

  /// When the last outage is over, ledger seconds.
  long clearFrom() {
    return outages.stream().mapToLong(Outage::until).max().orElse(0);
  }

  void ask(String intent, Supplier<Bridge.Reply> work, Consumer<Bridge.Reply> told) {
    world.network.send("ledger", intent, () -> {
      if (!down()) {
        answer(work.get(), told);
      } else if (world.random.nextBoolean()) {
        answer(new Bridge.Refused(intent, new Rejection.Unavailable("the ledger", 1000)), told);
      }
    });
  }

  private void answer(Bridge.Reply reply, Consumer<Bridge.Reply> told) {
    world.trace.add(world.clock.millis(), "ledger", reply);
    world.network.send("asker", reply, () -> told.accept(reply));
  }

  private boolean down() {
    long now = world.clock.seconds();
    return outages.stream().anyMatch(outage -> outage.from <= now && now < outage.until);
  }
}
