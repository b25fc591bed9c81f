package network.lilypad.node.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.actors.deal.Deal;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// What one deal and its run say, for a thread that takes it at its own pace. Output that finds no room is dropped: ask
/// again from where you stand. A subscription lives in the deal's memory only, so ask again from time to time.
final class LogTap implements AutoCloseable {
  /// What a deal keeps of both streams, and as much again.
  static final long MAX_WAITING_BYTES = 1 << 20;
  /// What a piece costs beside its bytes.
  private static final long PIECE_BYTES = 128;
  private static final AtomicLong NUMBER = new AtomicLong();

  /// Something that was said.
  sealed interface Said {}

  /// A piece of output.
  record Piece(Deal.Log log) implements Said {}

  /// The run began, at ledger time.
  record Begun(long at) implements Said {}

  /// The deal changed.
  record Changed(Deal.View view) implements Said {}

  /// The deal as it is, after everything that it keeps of the output.
  record Asked(Deal.View view) implements Said {}

  private enum Stop {
    STOP
  }

  private final RecipientRef<Deal.Command> deal;
  private final LinkedBlockingQueue<Said> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final ActorRef<Object> ear;

  /// @param system hosts the ear
  LogTap(ActorSystem<?> system, RecipientRef<Deal.Command> deal) {
    this.deal = deal;
    this.ear = system.systemActorOf(Behaviors.receiveMessage(this::heard), "logs-" + NUMBER.incrementAndGet(),
        Props.empty());
  }

  private Behavior<Object> heard(Object message) {
    switch (message) {
      case Deal.Log log -> {
        long size = log.bytes().size() + PIECE_BYTES;
        if (bytes.addAndGet(size) <= MAX_WAITING_BYTES) {
          waiting.add(new Piece(log));
        } else {
          bytes.addAndGet(-size);
        }
      }
      case Deal.Started(_, var at) -> waiting.add(new Begun(at));
      case Deal.Changed(var view) -> waiting.add(new Changed(view));
      case Deal.View view -> waiting.add(new Asked(view));
      case Stop _ -> {
        return Behaviors.stopped();
      }
      default -> {}
    }
    return Behaviors.same();
  }

  /// Subscribes, or renews it, and lets the deal say what it has from these bytes on, and then [Asked].
  void ask(long stdoutFrom, long stderrFrom) {
    deal.tell(new Deal.Watch(ear.narrow(), stdoutFrom, stderrFrom));
    deal.tell(new Deal.Get(ear.narrow()));
  }

  /// What was said next; empty if nothing is in time.
  Optional<Said> poll(Duration most) throws InterruptedException {
    var said = Optional.ofNullable(waiting.poll(most.toMillis(), TimeUnit.MILLISECONDS));
    said.ifPresent(next -> {
      if (next instanceof Piece(var log)) {
        bytes.addAndGet(-log.bytes().size() - PIECE_BYTES);
      }
    });
    return said;
  }

  @Override public void close() {
    deal.tell(new Deal.Unwatch(ear.narrow()));
    ear.tell(Stop.STOP);
  }
}
