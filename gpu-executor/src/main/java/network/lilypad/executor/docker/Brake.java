package network.lilypad.executor.docker;

import java.util.Optional;
import network.lilypad.executor.Outcome;

/// Ends a run before its time: the first reason counts, and what the run is doing then is ended on a thread of its own.
/// Thread-safe.
final class Brake {
  private Optional<Outcome> reason = Optional.empty();
  private Runnable action = () -> {};
  private boolean over;
  private int acting;

  /// Ends the run, unless it has ended or is being ended.
  synchronized void pull(Outcome why) {
    if (!over && reason.isEmpty()) {
      reason = Optional.of(why);
      act();
    }
  }

  /// From now on, this is how to end it; done at once if it is to be ended already.
  synchronized void acts(Runnable how) {
    action = how;
    if (reason.isPresent()) {
      act();
    }
  }

  /// Does again what ends it, if that was tried and it has not ended yet.
  synchronized void insist() {
    if (!over && reason.isPresent() && acting == 0) {
      act();
    }
  }

  private void act() {
    var now = action;
    acting++;
    Thread.ofPlatform().daemon().name("docker-brake").start(() -> {
      try {
        now.run();
      } finally {
        acted();
      }
    });
  }

  private synchronized void acted() {
    acting--;
  }

  /// Why it was ended, if it was.
  synchronized Optional<Outcome> reason() {
    return reason;
  }

  /// The same, and no more reason is taken.
  synchronized Optional<Outcome> settle() {
    over = true;
    return reason;
  }
}
