package network.lilypad.node.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Goes on with a transfer that breaks: again and again while it moves, a few times when it does not.
///
/// @param tries in a row without a byte moved, at least 1
/// @param firstPause before the second try; doubles up to 16 times itself
public record Patience(int tries, Duration firstPause) {
  /// Half a minute of a dead gateway.
  public static final Patience STANDARD = new Patience(6, Duration.ofSeconds(1));

  private static final int DOUBLINGS_MAX = 4;

  /// Runs a transfer until it is done.
  ///
  /// @param moved what has been moved so far, in all tries
  /// @param transfer one try, which goes on where the last one stopped
  /// @throws GatewayUnavailableException the last one, when patience is over
  public <T> T with(LongSupplier moved, Supplier<T> transfer) {
    int idle = 0;
    while (true) {
      long before = moved.getAsLong();
      try {
        return transfer.get();
      } catch (GatewayUnavailableException e) {
        idle = moved.getAsLong() > before ? 0 : idle + 1;
        if (idle >= tries || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause(idle, e);
      }
    }
  }

  private void pause(int idle, GatewayUnavailableException why) {
    try {
      Thread.sleep(firstPause.multipliedBy(1L << Math.clamp(idle - 1, 0, DOUBLINGS_MAX)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw why;
    }
  }
}
