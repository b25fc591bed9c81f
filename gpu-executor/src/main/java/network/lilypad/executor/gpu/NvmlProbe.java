package network.lilypad.executor.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
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

  /// Without anything else that keeps the driver loaded, a start of the library brings up every idle board.
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);
  /// A folder for each board that the driver has, numbered by the library or not.
  private static final Path BOARDS = Path.of("/proc/driver/nvidia/gpus");

  private final NativeCalls library;
  private final IntSupplier boards;
  private volatile Optional<Session> session;

  private NvmlProbe(NativeCalls library, IntSupplier boards) {
    this.library = library;
    this.boards = boards;
    this.session = Optional.of(start());
  }

  /// @throws GpuUnavailableException if the library will not start
  static NvmlProbe of(NativeCalls library) {
    return of(library, NvmlProbe::here);
  }

  /// @param boards how many the driver has now
  /// @throws GpuUnavailableException if the library will not start
  static NvmlProbe of(NativeCalls library, IntSupplier boards) {
    return new NvmlProbe(library, boards);
  }

  private static int here() {
    try (var folders = Files.list(BOARDS)) {
      return Math.toIntExact(folders.count());
    } catch (IOException | UncheckedIOException _) {
      return 0;
    }
  }

  private Session start() {
    return new Session(NvmlClient.start(library), boards.getAsInt(), new HashSet<>());
  }

  @Override public String name() {
    return "nvml";
  }

  @Override public Duration period() {
    return PERIOD;
  }

  @Override public Duration patience() {
    return session.isPresent() ? PATIENCE : START_PATIENCE;
  }

  /// The library numbers the boards when it starts. So where the driver has got or lost one, where nothing is seen at
  /// all, and after a failure, as when the driver is unloaded, this look is the last of its start, and the next starts
  /// it anew.
  @Override public List<GpuReading> read() {
    var current = session.orElseGet(this::start);
    session = Optional.of(current);
    try {
      var readings = current.read();
      if (readings.isEmpty() || boards.getAsInt() != current.boards) {
        end();
      }
      return readings;
    } catch (GpuUnavailableException e) {
      end();
      throw e;
    }
  }

  private void end() {
    session.ifPresent(known -> known.nvml.end());
    session = Optional.empty();
  }

  /// From one start of the library to its end.
  ///
  /// @param boards how many the driver had at the start
  /// @param listened boards whose errors are heard
  private record Session(NvmlClient nvml, int boards, Set<String> listened) {
    private List<GpuReading> read() {
      var errors = nvml.criticalErrors();
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
