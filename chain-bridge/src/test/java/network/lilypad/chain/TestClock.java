package network.lilypad.chain;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that a test moves.
public final class TestClock implements InstantSource {
  /// Where every test begins.
  public static final long START = 1_800_000_000L;

  private final AtomicLong seconds = new AtomicLong(START);

  /// Moves on, or back.
  public void pass(long by) {
    seconds.addAndGet(by);
  }

  @Override public Instant instant() {
    return Instant.ofEpochSecond(seconds.get());
  }
}
