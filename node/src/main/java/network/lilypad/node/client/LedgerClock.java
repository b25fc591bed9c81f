package network.lilypad.node.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Ledger time as a client knows it: its own clock and how far the ledger is ahead of it. Thread-safe.
///
/// An answer that says a second of ledger time leaves open when in that second it was said, and how long it was on its
/// way. So it bounds the difference from both sides, and only a difference outside of these bounds is believed less
/// than the answer: a late answer changes nothing, and a clock that was right stays as it is to the millisecond.
public final class LedgerClock implements InstantSource {
  private static final long SECOND_MILLIS = 1000;

  private final InstantSource clock;
  private final AtomicLong aheadMillis = new AtomicLong();

  /// @param clock this machine's
  public LedgerClock(InstantSource clock) {
    this.clock = clock;
  }

  /// A gateway said what time it is.
  ///
  /// @param ledgerSeconds ledger seconds
  /// @param onItsWay for how long, at most: from the question to the answer
  public void learn(long ledgerSeconds, Duration onItsWay) {
    long least = ledgerSeconds * SECOND_MILLIS - clock.millis();
    long most = least + SECOND_MILLIS - 1 + Math.max(0, onItsWay.toMillis());
    aheadMillis.updateAndGet(ahead -> Math.clamp(ahead, least, most));
  }

  /// Ledger seconds now.
  public long now() {
    return instant().getEpochSecond();
  }

  /// Ledger time now.
  @Override public Instant instant() {
    return clock.instant().plusMillis(aheadMillis.get());
  }

  /// Seconds that the ledger is ahead of this machine's clock; negative: behind.
  public long skew() {
    return aheadMillis.get() / SECOND_MILLIS;
  }
}
