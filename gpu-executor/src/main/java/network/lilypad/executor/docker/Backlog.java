package network.lilypad.executor.docker;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.Sink.Stream;

/// What has been read of a run's streams and is not written yet. Whoever adds keeps the bound. Thread-safe.
final class Backlog {
  private final Map<Stream, ByteArrayOutputStream> waiting = new EnumMap<>(Stream.class);
  private boolean taken;
  private boolean closed;

  /// Keeps bytes for whoever takes; forgets them if nobody does any more.
  synchronized void add(Stream stream, byte[] bytes, int begin, int end) {
    if (!closed && begin < end) {
      waiting.computeIfAbsent(stream, _ -> new ByteArrayOutputStream()).write(bytes, begin, end - begin);
      notifyAll();
    }
  }

  /// Waits for more. What was taken before counts as done.
  ///
  /// @return all there is, by stream; nothing once this is closed
  synchronized Map<Stream, ByteArrayOutputStream> take() throws InterruptedException {
    taken = false;
    notifyAll();
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    var all = new EnumMap<>(waiting);
    waiting.clear();
    taken = !all.isEmpty();
    return all;
  }

  /// Waits until all is taken and done, or this is closed.
  ///
  /// @return false if it is not after all this time
  synchronized boolean settle(Duration max) throws InterruptedException {
    long end = System.nanoTime() + max.toNanos();
    for (long left = max.toNanos(); !settled() && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return settled();
  }

  private boolean settled() {
    return closed || (waiting.isEmpty() && !taken);
  }

  /// Forgets what waits, and all that is added from now on.
  ///
  /// @return false if it was closed before
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    waiting.clear();
    notifyAll();
    return first;
  }
}
