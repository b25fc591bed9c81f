package network.lilypad.executor.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;

/// The discrete GPUs of AMD and Intel as the Linux kernel's drivers show them, for machines without the vendor's tools.
/// A GPU without memory of its own is part of a processor and not sold.
///
/// @param folder `/sys/class/drm`
/// @param vendor whose
record DrmProbe(Path folder, Vendor vendor) implements GpuProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Override public String name() {
    return "drm-" + vendor;
  }

  @Override public Duration period() {
    return GpuProbes.TOOL_PERIOD;
  }

  @Override public Duration patience() {
    return PATIENCE;
  }

  @Override public List<GpuReading> read() {
    if (!Files.isDirectory(folder)) {
      throw new GpuUnavailableException(folder + " is not there");
    }
    var readings = new ArrayList<GpuReading>();
    try (var cards = Files.newDirectoryStream(folder, "card[0-9]*")) {
      for (var card : cards) {
        if (!card.getFileName().toString().contains("-")) {
          reading(card).ifPresent(readings::add);
        }
      }
    } catch (IOException e) {
      throw new GpuUnavailableException(folder + " cannot be read: " + e.getMessage(), e);
    }
    readings.sort(java.util.Comparator.comparing(reading -> reading.gpu().uuid()));
    return List.copyOf(readings);
  }

  private Optional<GpuReading> reading(Path card) {
    var device = card.resolve("device");
    return switch (line(device.resolve("vendor")).orElse("")) {
      case "0x1002" -> vendor == Vendor.AMD ? amd(device) : Optional.empty();
      case "0x8086" -> vendor == Vendor.INTEL ? intel(card, device) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<GpuReading> amd(Path device) {
    var id = line(device.resolve("unique_id"));
    var name = line(device.resolve("product_name")).or(() -> line(device.resolve("device")).map(n -> "AMD " + n));
    int percent = line(device.resolve("gpu_busy_percent")).flatMap(DrmProbe::number).orElse(0L).intValue();
    long used = mib(line(device.resolve("mem_info_vram_used")));
    return id
        .flatMap(unique -> reading("GPU-" + unique, Vendor.AMD, name, mib(line(device.resolve("mem_info_vram_total"))),
            new Load(percent, used)));
  }

  private static Optional<GpuReading> intel(Path card, Path device) {
    var address = line(device.resolve("uevent")).stream().flatMap(String::lines)
        .filter(text -> text.startsWith("PCI_SLOT_NAME=")).map(text -> text.substring(14)).findFirst();
    var name = line(device.resolve("device")).map(number -> "Intel " + number);
    return address
        .flatMap(slot -> reading("pci-" + slot, Vendor.INTEL, name, mib(line(card.resolve("lmem_total_bytes"))),
            Load.UNKNOWN));
  }

  private static Optional<GpuReading> reading(String uuid, Vendor vendor, Optional<String> name, long mib, Load load) {
    try {
      return name.map(text -> GpuReading.well(new Gpu(uuid, uuid, vendor, text, Math.toIntExact(mib), ""), load));
    } catch (IllegalArgumentException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  private static long mib(Optional<String> bytes) {
    return bytes.flatMap(DrmProbe::number).orElse(0L) >> 20;
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> line(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException | java.io.UncheckedIOException _) {
      return Optional.empty();
    }
  }
}
