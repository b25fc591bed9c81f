package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.NvmlClient.Device;

/// NVIDIA's GPUs by its management library. A board in MIG mode is its slices. For one caller at a time.
final class NvmlProbe implements GpuProbe {
  /// What the driver installs.
  static final String LIBRARY = "libnvidia-ml.so.1";
  /// A look takes milliseconds.
  private static final Duration PERIOD = Duration.ofSeconds(1);
  /// Three beats: a driver under load is slow for moments, a wedged one for ever.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// The library numbers the boards when it starts, so every minute it starts anew: a board that was plugged in has waited
  /// longer, and a start takes milliseconds.
  static final int LOOKS_PER_START = 60;

  private final NativeCalls library;
  private Optional<Session> session;
  private int looks;

  private NvmlProbe(NativeCalls library) {
    this.library = library;
    this.session = Optional.of(new Session(NvmlClient.start(library)));
  }

  /// @throws GpuUnavailableException if the library will not start
  static NvmlProbe of(NativeCalls library) {
    return new NvmlProbe(library);
  }

  @Override public String name() {
    return "nvml";
  }

  @Override public Duration period() {
    return PERIOD;
  }

  @Override public Duration patience() {
    return PATIENCE;
  }

  /// @throws GpuUnavailableException if the library does not answer, as when its driver is unloaded: the next look starts
  ///     it anew, over whatever driver is there then
  @Override public List<GpuReading> read() {
    var errors = session.map(known -> known.nvml.criticalErrors()).orElse(Map.of());
    if (looks == LOOKS_PER_START) {
      end();
    }
    var current = session.orElseGet(() -> new Session(NvmlClient.start(library)));
    session = Optional.of(current);
    try {
      var readings = current.read(errors);
      looks++;
      return readings;
    } catch (GpuUnavailableException e) {
      end();
      throw e;
    }
  }

  private void end() {
    session.ifPresent(known -> known.nvml.end());
    session = Optional.empty();
    looks = 0;
  }

  /// From one start of the library to its end.
  private record Session(NvmlClient nvml, Set<String> listened) {
    private Session(NvmlClient nvml) {
      this(nvml, new HashSet<>());
    }

    /// @param errors by board
    private List<GpuReading> read(Map<String, Long> errors) {
      var driver = nvml.driver();
      var readings = new ArrayList<GpuReading>();
      int count = nvml.count();
      for (int i = 0; i < count; i++) {
        nvml.board(i).ifPresent(board -> readings.addAll(read(board, driver, errors)));
      }
      return List.copyOf(readings);
    }

    private List<GpuReading> read(Device board, String driver, Map<String, Long> errors) {
      var uuid = nvml.uuid(board);
      if (uuid.isEmpty()) {
        return List.of();
      }
      if (listened.add(uuid.get())) {
        nvml.listen(board);
      }
      long uncorrected = nvml.uncorrectedErrors(board);
      var fault = Optional.ofNullable(errors.get(uuid.get())).map(xid -> "Xid " + xid).orElse("");
      return nvml.slices(board).orElse(List.of(board)).stream()
          .flatMap(device -> read(device, uuid.get(), driver).stream())
          .map(reading -> new GpuReading(reading.gpu(), reading.load(), uncorrected, fault)).toList();
    }

    private Optional<GpuReading> read(Device device, String board, String driver) {
      var uuid = nvml.uuid(device);
      var name = nvml.name(device);
      var memory = nvml.memory(device);
      if (uuid.isEmpty() || name.isEmpty() || memory.isEmpty()) {
        return Optional.empty();
      }
      try {
        var gpu = new Gpu(uuid.get(), board, Vendor.NVIDIA, name.get(), Math.toIntExact(memory.get()[0] >> 20), driver);
        return Optional.of(GpuReading.well(gpu, nvml.load(device, memory.get()[1] >> 20)));
      } catch (IllegalArgumentException | ArithmeticException _) {
        return Optional.empty();
      }
    }
  }
}
