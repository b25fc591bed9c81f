package network.lilypad.executor.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import network.lilypad.executor.gpu.GpuReading.Load;

/// NVIDIA's management library (NVML, API version 11 and later) in Java's words, from its start to its end. Every
/// pointer it fills lives for one call. A device handle stays valid until its GPU is lost.
final class NvmlClient {
  private static final int SUCCESS = 0;
  private static final int TEXT_BYTES = 128;
  private static final int UNCORRECTED = 1;
  private static final int SINCE_DRIVER_LOAD = 0;
  private static final long XID_CRITICAL = 8;
  /// nvmlEventData_t: a pointer, two `unsigned long long`, two `unsigned int`.
  private static final long EVENT_BYTES = 32;
  /// A burst beyond that is read at the next look.
  private static final int EVENTS_MAX = 64;
  /// Xids that a program causes by its own fault: they end the program and leave the GPU well, and a job must not be
  /// able to take a machine's GPU out of the market. 13 and 31 are invalid accesses, 43 and 45 stopped channels, 68 a
  /// video engine's, 109 a timed-out context switch.
  private static final Set<Long> XIDS_OF_PROGRAMS = Set.of(13L, 31L, 43L, 45L, 68L, 109L);

  private final NativeCalls nvml;
  private final Optional<MemorySegment> events;

  /// A GPU or slice, by the library's handle.
  record Device(MemorySegment handle) {}

  private NvmlClient(NativeCalls nvml) {
    this.nvml = nvml;
    this.events = pointer("nvmlEventSetCreate");
  }

  /// Starts the library.
  ///
  /// @throws GpuUnavailableException if it will not start, as without a driver
  static NvmlClient start(NativeCalls nvml) {
    int status = nvml.call("nvmlInit_v2");
    if (status != SUCCESS) {
      throw new GpuUnavailableException("nvmlInit_v2 answered " + status);
    }
    return new NvmlClient(nvml);
  }

  /// Ends the library, and with it every handle and what it listened for. Whatever it answers: the next start tells.
  void end() {
    events.ifPresent(set -> nvml.call("nvmlEventSetFree", set));
    nvml.call("nvmlShutdown");
  }

  String driver() {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(TEXT_BYTES);
      return nvml.call("nvmlSystemGetDriverVersion", text, TEXT_BYTES) == SUCCESS ? text.getString(0) : "";
    }
  }

  /// @throws GpuUnavailableException if the library does not say
  int count() {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(ValueLayout.JAVA_INT);
      int status = nvml.call("nvmlDeviceGetCount_v2", number);
      if (status != SUCCESS) {
        throw new GpuUnavailableException("nvmlDeviceGetCount_v2 answered " + status);
      }
      return number.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /// The board at a place; empty if it is lost.
  Optional<Device> board(int index) {
    return pointer("nvmlDeviceGetHandleByIndex_v2", index).map(Device::new);
  }

  /// Has the library remember a board's critical errors from now on; where it cannot, none are heard.
  void listen(Device board) {
    events.ifPresent(set -> nvml.call("nvmlDeviceRegisterEvents", board.handle, XID_CRITICAL, set));
  }

  /// The slices of a board in MIG mode; empty if it is not in that mode.
  Optional<List<Device>> slices(Device board) {
    if (!sliced(board)) {
      return Optional.empty();
    }
    var slices = new ArrayList<Device>();
    for (int i = 0; i < slicesMax(board); i++) {
      pointer("nvmlDeviceGetMigDeviceHandleByIndex", board.handle, i).map(Device::new).ifPresent(slices::add);
    }
    return Optional.of(List.copyOf(slices));
  }

  private boolean sliced(Device board) {
    try (var arena = Arena.ofConfined()) {
      var current = arena.allocate(ValueLayout.JAVA_INT);
      var pending = arena.allocate(ValueLayout.JAVA_INT);
      return nvml.call("nvmlDeviceGetMigMode", board.handle, current, pending) == SUCCESS
          && current.get(ValueLayout.JAVA_INT, 0) == 1;
    }
  }

  private int slicesMax(Device board) {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(ValueLayout.JAVA_INT);
      return nvml.call("nvmlDeviceGetMaxMigDeviceCount", board.handle, number) == SUCCESS
          ? number.get(ValueLayout.JAVA_INT, 0)
          : 0;
    }
  }

  Optional<String> uuid(Device device) {
    return text("nvmlDeviceGetUUID", device);
  }

  Optional<String> name(Device device) {
    return text("nvmlDeviceGetName", device);
  }

  private Optional<String> text(String function, Device device) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(TEXT_BYTES);
      return nvml.call(function, device.handle, text, TEXT_BYTES) == SUCCESS
          ? Optional.of(text.getString(0))
          : Optional.empty();
    }
  }

  /// Total and used bytes; empty if the device does not answer.
  Optional<long[]> memory(Device device) {
    try (var arena = Arena.ofConfined()) {
      var totalFreeUsed = arena.allocate(ValueLayout.JAVA_LONG, 3);
      return nvml.call("nvmlDeviceGetMemoryInfo", device.handle, totalFreeUsed) == SUCCESS
          ? Optional.of(new long[]{totalFreeUsed.get(ValueLayout.JAVA_LONG, 0),
              totalFreeUsed.get(ValueLayout.JAVA_LONG, 16)})
          : Optional.empty();
    }
  }

  /// How busy a device is; a slice does not say.
  Load load(Device device, long usedMib) {
    try (var arena = Arena.ofConfined()) {
      var gpuMemory = arena.allocate(ValueLayout.JAVA_INT, 2);
      boolean says = nvml.call("nvmlDeviceGetUtilizationRates", device.handle, gpuMemory) == SUCCESS;
      return new Load(says ? gpuMemory.get(ValueLayout.JAVA_INT, 0) : Load.UNSAID, usedMib);
    }
  }

  /// Memory errors that ECC could not correct; 0 for a board without ECC.
  long uncorrectedErrors(Device board) {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(ValueLayout.JAVA_LONG);
      return nvml.call("nvmlDeviceGetTotalEccErrors", board.handle, UNCORRECTED, SINCE_DRIVER_LOAD, count) == SUCCESS
          ? count.get(ValueLayout.JAVA_LONG, 0)
          : 0;
    }
  }

  /// The critical errors since the last call, by the board's UUID; those that a program causes are left out.
  Map<String, Long> criticalErrors() {
    var errors = new HashMap<String, Long>();
    if (events.isEmpty()) {
      return errors;
    }
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(EVENT_BYTES, Long.BYTES);
      for (int i = 0; i < EVENTS_MAX && nvml.call("nvmlEventSetWait_v2", events.get(), event, 0) == SUCCESS; i++) {
        var board = new Device(event.get(ValueLayout.ADDRESS, 0));
        critical(event).ifPresent(xid -> uuid(board).ifPresent(uuid -> errors.put(uuid, xid)));
      }
    }
    return errors;
  }

  private static OptionalLong critical(MemorySegment event) {
    long xid = event.get(ValueLayout.JAVA_LONG, 16);
    boolean machine = event.get(ValueLayout.JAVA_LONG, 8) == XID_CRITICAL && !XIDS_OF_PROGRAMS.contains(xid);
    return machine ? OptionalLong.of(xid) : OptionalLong.empty();
  }

  /// Calls a function whose last argument is filled with a pointer.
  private Optional<MemorySegment> pointer(String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var filled = arena.allocate(ValueLayout.ADDRESS);
      var all = new ArrayList<>(List.of(arguments));
      all.add(filled);
      return nvml.call(function, all.toArray()) == SUCCESS
          ? Optional.of(filled.get(ValueLayout.ADDRESS, 0))
          : Optional.empty();
    }
  }
}
