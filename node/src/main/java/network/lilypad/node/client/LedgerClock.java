package network.lilypad.node.client;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Ledger time as a client knows it: its own clock and the difference last learned from a gateway. Thread-safe.
public final class LedgerClock implements InstantSource {
  private final InstantSource clock;
  private final AtomicLong ahead = new AtomicLong();

  /// @param clock this machine's
  public LedgerClock(InstantSource clock) {
    this.clock = clock;
  }

  /// A gateway said what time it is.
  ///
  /// @param ledgerSeconds ledger seconds
  public void learn(long ledgerSeconds) {
    ahead.set(ledgerSeconds - clock.instant().getEpochSecond());
  }

  /// Ledger seconds now.
  public long now() {
    return instant().getEpochSecond();
  }

  /// Ledger time now.
  @Override public Instant instant() {
    return clock.instant().plusSeconds(ahead.get());
  }

  /// Seconds that the ledger is ahead of this machine's clock; negative: behind.
  public long skew() {
    return ahead.get();
  }
}
