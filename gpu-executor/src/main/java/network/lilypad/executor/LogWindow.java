package network.lilypad.executor;

import java.util.concurrent.atomic.AtomicInteger;

/// How many bytes of live log a run may have on their way to its subscriber. What does not fit is not told; it is on
/// disk, and the offset of the next chunk shows the gap. Thread-safe.
public final class LogWindow {
  /// Some screens full: more is not read live.
  static final int BYTES = 256 * 1024;
  /// What a chunk costs beside its bytes: a flood of single bytes is a flood, too.
  static final int CHUNK_BYTES = 128;

  private final AtomicInteger free = new AtomicInteger(BYTES);

  LogWindow() {}

  /// Takes room for a chunk of so many bytes, if there is.
  boolean take(int bytes) {
    if (free.addAndGet(-bytes - CHUNK_BYTES) >= 0) {
      return true;
    }
    give(bytes);
    return false;
  }

  void give(int bytes) {
    free.addAndGet(bytes + CHUNK_BYTES);
  }
}
