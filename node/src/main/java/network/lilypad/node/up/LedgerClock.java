package network.lilypad.node.up;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// Ledger time as this node knows it without asking the ledger: the machine's clock, never running backwards and never
/// behind what the ledger had reached when the node started.
final class LedgerClock implements InstantSource {
  private final InstantSource clock;
  private final AtomicReference<Instant> latest;

  /// @param clock the machine's
  /// @param ledgerTime seconds, as the ledger said at the start
  LedgerClock(InstantSource clock, long ledgerTime) {
    this.clock = clock;
    this.latest = new AtomicReference<>(Instant.ofEpochSecond(ledgerTime));
  }

  @Override public Instant instant() {
    return latest.accumulateAndGet(clock.instant(), (known, now) -> now.isAfter(known) ? now : known);
  }

  long seconds() {
    return instant().getEpochSecond();
  }
}
