package network.lilypad.executor.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;

/// What `amd-smi` and `rocm-smi` print, read. Pure.
///
/// AMD's runtime names a GPU `GPU-` and the sixteen hexadecimal digits of its unique id; so do we.
final class AmdTools {
  private AmdTools() {}

  /// The readings of `amd-smi static --asic --vram --driver --json`.
  ///
  /// @throws GpuUnavailableException if it is no JSON
  static List<GpuReading> amdSmi(String text) {
    var root = Json.of("amd-smi", text);
    var gpus = root.node().isArray() ? root.node() : root.at("gpu_data").node();
    var readings = new ArrayList<GpuReading>();
    gpus.forEach(node -> amdSmi(new Json(node)).ifPresent(readings::add));
    return List.copyOf(readings);
  }

  private static Optional<GpuReading> amdSmi(Json gpu) {
    var asic = gpu.at("asic");
    var size = gpu.at("vram").at("size");
    long mib = size.at("value").number().or(size::number).orElse(0L);
    return reading(asic.at("asic_serial").text(), asic.at("market_name").text(), mib,
        gpu.at("driver").at("version", "driver_version").text().orElse(""), Load.UNKNOWN);
  }

  /// The readings of `rocm-smi --showuniqueid --showproductname --showmeminfo vram --showuse --showdriverversion
  /// --json`.
  ///
  /// @throws GpuUnavailableException if it is no JSON
  static List<GpuReading> rocmSmi(String text) {
    var root = Json.of("rocm-smi", text);
    var driver = root.at("system").at("driver version").text().orElse("");
    var readings = new ArrayList<GpuReading>();
    for (var field : root.node().properties()) {
      if (field.getKey().startsWith("card")) {
        rocmSmi(field.getValue(), driver).ifPresent(readings::add);
      }
    }
    return List.copyOf(readings);
  }

  private static Optional<GpuReading> rocmSmi(JsonNode node, String driver) {
    var card = new Json(node);
    var name = card.at("card series", "card model").text().filter(text -> !text.startsWith("0x"))
        .or(() -> card.at("card model").text());
    int percent = card.at("gpu use (%)").number().orElse((long) Load.UNSAID).intValue();
    // -1 stays -1
    long used = card.at("vram total used memory (b)").number().orElse((long) Load.UNSAID) >> 20;
    return reading(card.at("unique id").text(), name, card.at("vram total memory (b)").number().orElse(0L) >> 20,
        driver,
        new Load(percent, used));
  }

  /// A GPU without unique id, name or memory cannot be pinned or sold.
  private static Optional<GpuReading> reading(Optional<String> id, Optional<String> name, long mib, String driver,
      Load load) {
    if (id.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    var digits = id.get().toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
    try {
      var uuid = "GPU-" + "0".repeat(Math.max(0, 16 - digits.length())) + digits;
      return Optional
          .of(GpuReading.well(new Gpu(uuid, uuid, Vendor.AMD, name.get(), Math.toIntExact(mib), driver), load));
    } catch (IllegalArgumentException | ArithmeticException _) {
      return Optional.empty();
    }
  }
}
