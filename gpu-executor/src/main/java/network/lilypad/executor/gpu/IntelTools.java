package network.lilypad.executor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;

/// What `xpu-smi` prints, read. Pure.
///
/// A GPU is named by its PCI address, as the kernel names it too: by that its device file is found.
final class IntelTools {
  private IntelTools() {}

  /// The numbers of the devices in `xpu-smi discovery -j`.
  ///
  /// @throws GpuUnavailableException if it is no JSON
  static List<Long> devices(String text) {
    var devices = new ArrayList<Long>();
    Json.of("xpu-smi", text).at("device_list").node().forEach(node -> new Json(node).at("device_id").number()
        .ifPresent(devices::add));
    return List.copyOf(devices);
  }

  /// The device of `xpu-smi discovery -d N -j`; empty if it does not say enough.
  ///
  /// @throws GpuUnavailableException if it is no JSON
  static Optional<GpuReading> device(String text) {
    var device = Json.of("xpu-smi", text);
    var uuid = device.at("pci_bdf_address").text().map(address -> DrmCard.INTEL + address.toLowerCase(Locale.ROOT));
    var name = device.at("device_name").text();
    if (uuid.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    try {
      long mib = device.at("memory_physical_size_byte").number().orElse(0L) >> 20;
      return Optional.of(GpuReading.well(new Gpu(uuid.get(), uuid.get(), Vendor.INTEL, name.get(), Math.toIntExact(mib),
          device.at("driver_version").text().orElse("")), Load.UNKNOWN));
    } catch (IllegalArgumentException | ArithmeticException _) {
      return Optional.empty();
    }
  }
}
