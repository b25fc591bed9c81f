package network.lilypad.executor.docker;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Whether a program ended because it was killed for want of memory: the engine learns of that beside the end itself,
/// and on a busy machine seconds after it.
///
/// @param told whether the engine knows of such a kill
/// @param asked whether the engine knows of somebody who asked for the end
/// @param exhausted whether the program had had all its memory
/// @param pause between two looks
record MemoryKill(BooleanSupplier told, BooleanSupplier asked, BooleanSupplier exhausted, Duration pause) {
  /// Twenty looks a second.
  static final Duration PAUSE = Duration.ofMillis(50);
  /// After two seconds, an engine that still knows of no kill is overruled where a program had had all its memory.
  static final int LOOKS_FOR_A_SIGN = 40;
  /// Half a minute: a program that kills itself ends that much later, and no stall of a machine makes a result wrong.
  static final int LOOKS_MAX = 600;

  private static final int SIGKILL = 137;

  /// Looks until it is known. Blocks, if the program ended as if killed.
  boolean happened(int code) {
    for (int look = 1; look <= LOOKS_MAX; look++) {
      if (told.getAsBoolean()) {
        return true;
      }
      if (code != SIGKILL || asked.getAsBoolean()) {
        return false;
      }
      if (look >= LOOKS_FOR_A_SIGN && exhausted.getAsBoolean()) {
        return true;
      }
      if (!rested()) {
        return false;
      }
    }
    return false;
  }

  private boolean rested() {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
