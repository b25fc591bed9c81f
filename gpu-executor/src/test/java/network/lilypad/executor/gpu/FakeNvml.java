package network.lilypad.executor.gpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// NVIDIA's library made up in Java: two boards, the second with two slices. The same answers as `nvml.c`.
record FakeNvml(Scene scene, Deque<long[]> events, AtomicInteger starts) implements NativeCalls {
  private static final int NOT_FOUND = 6;

  /// What is wrong with the machine, or new: in `PLUGGED` the second board is numbered from the library's second start
  /// on. `nvml.c` knows them by their place.
  enum Scene {
    WELL, XIDS, LOST, NO_DRIVER, PLUGGED
  }

  FakeNvml(Scene scene) {
    this(scene, new ArrayDeque<>(scene == Scene.XIDS ? List.of(new long[]{1, 79}, new long[]{2, 31}) : List.of()),
        new AtomicInteger());
  }

  @Override public int call(String function, Object... a) {
    return switch (function) {
      case "nvmlInit_v2" -> starts.incrementAndGet() > 0 && scene == Scene.NO_DRIVER ? 9 : 0;
      case "nvmlShutdown", "nvmlEventSetFree" -> 0;
      case "nvmlEventSetCreate" -> pointer(a[0], 99);
      case "nvmlDeviceRegisterEvents" -> 0;
      case "nvmlEventSetWait_v2" -> event((MemorySegment) a[1]);
      case "nvmlSystemGetDriverVersion" -> text(a[0], "550.54.15");
      case "nvmlDeviceGetCount_v2" -> number(a[0], scene == Scene.PLUGGED && starts.get() < 2 ? 1 : 2);
      case "nvmlDeviceGetHandleByIndex_v2" ->
        scene == Scene.LOST && (int) a[0] == 0 ? 15 : pointer(a[1], (int) a[0] + 1);
      case "nvmlDeviceGetMigMode" -> number(a[1], id(a[0]) == 2 ? 1 : 0);
      case "nvmlDeviceGetMaxMigDeviceCount" -> number(a[1], 3);
      case "nvmlDeviceGetMigDeviceHandleByIndex" -> (int) a[1] == 1 ? NOT_FOUND : pointer(a[2], 10 + (int) a[1]);
      case "nvmlDeviceGetUUID" -> text(a[1], id(a[0]) < 10 ? "GPU-" + (id(a[0]) - 1) : "MIG-1-" + (id(a[0]) - 10));
      case "nvmlDeviceGetName" -> text(a[1], id(a[0]) == 1 ? "NVIDIA H100 80GB HBM3"
          : id(a[0]) == 2 ? "NVIDIA A100-SXM4-40GB" : "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
      case "nvmlDeviceGetMemoryInfo" -> memory((MemorySegment) a[1], id(a[0]));
      case "nvmlDeviceGetUtilizationRates" -> id(a[0]) < 10 ? number(a[1], 97) : 3;
      case "nvmlDeviceGetTotalEccErrors" -> errors((MemorySegment) a[3], id(a[0]));
      default -> FUNCTION_NOT_FOUND;
    };
  }

  private static long id(Object handle) {
    return ((MemorySegment) handle).address();
  }

  private static int pointer(Object to, long id) {
    ((MemorySegment) to).set(ValueLayout.ADDRESS, 0, MemorySegment.ofAddress(id));
    return 0;
  }

  private static int number(Object to, int number) {
    ((MemorySegment) to).set(ValueLayout.JAVA_INT, 0, number);
    return 0;
  }

  private static int text(Object to, String text) {
    ((MemorySegment) to).setString(0, text);
    return 0;
  }

  private static int memory(MemorySegment to, long id) {
    to.set(ValueLayout.JAVA_LONG, 0, (id == 1 ? 81559L : id == 2 ? 40960L : 4864L) << 20);
    to.set(ValueLayout.JAVA_LONG, 16, (id == 1 ? 4123L : 16L) << 20);
    return 0;
  }

  private static int errors(MemorySegment to, long id) {
    to.set(ValueLayout.JAVA_LONG, 0, id == 1 ? 1 : 0);
    return 0;
  }

  private int event(MemorySegment to) {
    if (events.isEmpty()) {
      return 10;
    }
    var next = events.removeFirst();
    to.set(ValueLayout.ADDRESS, 0, MemorySegment.ofAddress(next[0]));
    to.set(ValueLayout.JAVA_LONG, 8, 8);
    to.set(ValueLayout.JAVA_LONG, 16, next[1]);
    return 0;
  }
}
