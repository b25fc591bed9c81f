package network.lilypad.executor.gpu;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
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
    return DrmCard.all(folder).stream().filter(card -> card.vendor().filter(vendor::equals).isPresent())
        .flatMap(card -> reading(card).stream()).sorted(Comparator.comparing(reading -> reading.gpu().uuid())).toList();
  }

  private Optional<GpuReading> reading(DrmCard card) {
    return card.uuid().flatMap(uuid -> vendor == Vendor.AMD ? amd(uuid, card) : intel(uuid, card));
  }

  private static Optional<GpuReading> amd(String uuid, DrmCard card) {
    var name = card.device("product_name").or(() -> card.device("device").map(n -> "AMD " + n));
    int percent = card.device("gpu_busy_percent").flatMap(DrmProbe::number).orElse((long) Load.UNSAID).intValue();
    long used = card.device("mem_info_vram_used").flatMap(DrmProbe::number).map(bytes -> bytes >> 20)
        .orElse((long) Load.UNSAID);
    return reading(uuid, Vendor.AMD, name, mib(card.device("mem_info_vram_total")), new Load(percent, used));
  }

  private static Optional<GpuReading> intel(String uuid, DrmCard card) {
    var name = card.device("device").map(number -> "Intel " + number);
    return reading(uuid, Vendor.INTEL, name, mib(card.text("lmem_total_bytes")), Load.UNKNOWN);
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
}
