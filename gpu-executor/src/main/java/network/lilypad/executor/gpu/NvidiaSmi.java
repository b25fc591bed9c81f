package network.lilypad.executor.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;

/// What `nvidia-smi` prints, read. Pure.
final class NvidiaSmi {
  /// The fields asked for, in their order.
  static final String QUERY = "uuid,name,memory.total,memory.used,utilization.gpu,driver_version,mig.mode.current,"
      + "ecc.errors.uncorrected.volatile.total";
  private static final int COLUMNS = 8;
  /// A slice `1g.5gb` has 4864 MiB, `1g.10gb` 9728, others a little more: nineteen twentieths of what its name says.
  private static final int SLICE_MIB_PER_GB = 972;

  private static final Pattern BOARD = Pattern.compile("GPU \\d+: (.+) \\(UUID: (GPU-[0-9a-fA-F-]+)\\)\\s*");
  private static final Pattern SLICE = Pattern
      .compile("\\s+MIG (\\d+(?:c\\.\\d+)?g\\.(\\d+)gb\\S*)\\s+Device\\s+\\d+: \\(UUID: (MIG-[^)\\s]+)\\)\\s*");

  private NvidiaSmi() {}

  /// A slice as `nvidia-smi -L` lists it.
  ///
  /// @param profile such as `1g.5gb`
  record Slice(String uuid, String profile, int gigabytes) {}

  /// The readings of the boards, each board with slices replaced by them.
  ///
  /// @param csv of `--query-gpu` in the order of [#QUERY], without header and units
  /// @param list of `-L`, needed where a board is in MIG mode; empty otherwise
  /// @throws GpuUnavailableException if nothing of a text can be read
  static List<GpuReading> readings(String csv, String list) {
    var slices = slices(list);
    var readings = new ArrayList<GpuReading>();
    csv.lines().filter(line -> !line.isBlank()).forEach(line -> board(line)
        .ifPresent(board -> readings.addAll(parted(board, slices))));
    if (readings.isEmpty() && !csv.isBlank() && csv.lines().noneMatch(NvidiaSmi::complete)) {
      throw new GpuUnavailableException("nvidia-smi said nothing of a GPU: " + csv.lines().findFirst().orElse(""));
    }
    return List.copyOf(readings);
  }

  private record Board(Gpu gpu, Load load, long errors, boolean sliced) {}

  private static boolean complete(String line) {
    return line.split(",", -1).length == COLUMNS;
  }

  /// A line that is cut off or says `[N/A]` where it must not is no GPU that could be sold.
  private static Optional<Board> board(String line) {
    if (!complete(line)) {
      return Optional.empty();
    }
    var fields = line.split(",", -1);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = fields[i].strip();
    }
    try {
      var gpu = new Gpu(fields[0], fields[0], Vendor.NVIDIA, fields[1], Integer.parseInt(fields[2]), said(fields[5]));
      return Optional.of(new Board(gpu, new Load((int) number(fields[4], Load.UNSAID), number(fields[3], Load.UNSAID)),
          number(fields[7], 0),
          fields[6].equals("Enabled")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static List<GpuReading> parted(Board board, Map<String, List<Slice>> slices) {
    if (!board.sliced) {
      return List.of(new GpuReading(board.gpu, board.load, board.errors, ""));
    }
    var whole = board.gpu;
    return slices.getOrDefault(whole.uuid(), List.of()).stream()
        .map(slice -> new GpuReading(new Gpu(slice.uuid, whole.uuid(), Vendor.NVIDIA,
            whole.name() + " MIG " + slice.profile, slice.gigabytes * SLICE_MIB_PER_GB, whole.driver()),
            Load.UNKNOWN, board.errors, ""))
        .toList();
  }

  /// The slices of each board.
  static Map<String, List<Slice>> slices(String list) {
    var found = new HashMap<String, List<Slice>>();
    var board = Optional.<String>empty();
    for (var line : list.lines().toList()) {
      var head = BOARD.matcher(line);
      var slice = SLICE.matcher(line);
      if (head.matches()) {
        board = Optional.of(head.group(2));
      } else if (slice.matches() && board.isPresent()) {
        found.computeIfAbsent(board.get(), _ -> new ArrayList<>())
            .add(new Slice(slice.group(3), slice.group(1), Integer.parseInt(slice.group(2))));
      }
    }
    return found;
  }

  /// @param otherwise for `[N/A]`, `[Not Supported]` and whatever else is no number
  private static long number(String field, long otherwise) {
    try {
      return Long.parseLong(field);
    } catch (NumberFormatException _) {
      return otherwise;
    }
  }

  private static String said(String field) {
    return field.startsWith("[") ? "" : field;
  }
}
