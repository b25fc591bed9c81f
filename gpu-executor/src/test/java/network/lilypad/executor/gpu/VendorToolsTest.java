package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the tools of AMD and Intel print, and what the kernel shows without them.
final class VendorToolsTest {
  private static final String ROCM = """
      WARNING: AMD GPU device(s) is/are in a low-power state
      {"card0": {"Unique ID": "0x9246c9b8a7f1e2d3", "Card Series": "AMD Instinct MI250X", "Card Model": "0x740c",
        "VRAM Total Memory (B)": "68702699520", "VRAM Total Used Memory (B)": "10960896", "GPU use (%)": "42"},
       "card1": {"Unique ID": "N/A", "Card Series": "AMD Instinct MI250X", "VRAM Total Memory (B)": "68702699520"},
       "card2": {"Unique ID": "0x1f", "Card series": "AMD Instinct MI250X", "VRAM Total Memory (B)": "N/A"},
       "system": {"Driver version": "6.3.6"}}
      """;
  private static final String AMD_SMI = """
      {"gpu_data": [
        {"gpu": 0, "asic": {"market_name": "AMD Instinct MI300X", "asic_serial": "0xABCDEF0123456789"},
         "vram": {"type": "HBM", "size": {"value": 196592, "unit": "MB"}}, "driver": {"name": "amdgpu", "version": "6.8.5"}},
        {"gpu": 1, "asic": "N/A", "vram": {"size": "N/A"}}]}
      """;

  @TempDir
  private Path folder;

  @Test void rocm_smi_is_read_and_cards_that_cannot_be_pinned_or_measured_are_missing() {
    var gpu = new Gpu("GPU-9246c9b8a7f1e2d3", "GPU-9246c9b8a7f1e2d3", Vendor.AMD, "AMD Instinct MI250X", 65520,
        "6.3.6");
    assertThat(AmdTools.rocmSmi(ROCM)).containsExactly(GpuReading.well(gpu, new Load(42, 10)));
  }

  @Test void amd_smi_is_read_in_its_old_and_new_form() {
    var gpu = new Gpu("GPU-abcdef0123456789", "GPU-abcdef0123456789", Vendor.AMD, "AMD Instinct MI300X", 196592,
        "6.8.5");
    assertThat(AmdTools.amdSmi(AMD_SMI)).containsExactly(GpuReading.well(gpu, Load.UNKNOWN));
    var list = AMD_SMI.substring(AMD_SMI.indexOf('['), AMD_SMI.lastIndexOf(']') + 1);
    assertThat(AmdTools.amdSmi(list)).isEqualTo(AmdTools.amdSmi(AMD_SMI));
  }

  @Test void xpu_smi_is_read_device_by_device() {
    var list = """
        {"device_list": [{"device_id": 0, "device_name": "Intel(R) Data Center GPU Flex 170"}, {"device_id": "1"}, {}]}
        """;
    var device = """
        {"device_id": 0, "device_name": "Intel(R) Data Center GPU Flex 170", "driver_version": "I915_23.6.28",
         "memory_physical_size_byte": "15015182336", "pci_bdf_address": "0000:4D:00.0",
         "uuid": "00000000-0000-004d-0000-000856c08086"}
        """;
    assertThat(IntelTools.devices(list)).containsExactly(0L, 1L);
    assertThat(IntelTools.device(device)).contains(GpuReading.well(
        new Gpu("pci-0000:4d:00.0", "pci-0000:4d:00.0", Vendor.INTEL, "Intel(R) Data Center GPU Flex 170", 14319,
            "I915_23.6.28"),
        Load.UNKNOWN));
    assertThat(IntelTools.device("{\"device_id\": 1, \"uuid\": \"x\"}")).isEmpty();
  }

  @Test void broken_json_is_no_empty_machine() {
    assertThatThrownBy(() -> AmdTools.rocmSmi(ROCM.substring(0, ROCM.length() / 2)))
        .isInstanceOf(GpuUnavailableException.class).hasMessageContaining("broken JSON");
    assertThatThrownBy(() -> IntelTools.devices("no device found"))
        .isInstanceOf(GpuUnavailableException.class).hasMessageContaining("no JSON");
    assertThatThrownBy(() -> AmdTools.amdSmi("")).isInstanceOf(GpuUnavailableException.class);
  }

  @Test void the_kernel_shows_discrete_gpus_only() throws IOException {
    card("card0", "vendor", "0x1002", "unique_id", "9246c9b8a7f1e2d3", "product_name", "AMD Radeon RX 7900 XTX",
        "mem_info_vram_total", "25753026560", "mem_info_vram_used", "1048576", "gpu_busy_percent", "7");
    card("card1", "vendor", "0x8086", "device", "0x56a0", "uevent", "DRIVER=i915\nPCI_SLOT_NAME=0000:03:00.0");
    Files.writeString(folder.resolve("card1/lmem_total_bytes"), "17028874240\n");
    card("card2", "vendor", "0x8086", "device", "0x4680", "uevent", "PCI_SLOT_NAME=0000:00:02.0");
    card("card3", "vendor", "0x10de");
    card("card0-DP-1", "vendor", "0x1002");
    Files.write(folder.resolve("card3/device/vendor"), new byte[]{(byte) 0xff, (byte) 0xfe});
    assertThat(new DrmProbe(folder, Vendor.AMD).read()).containsExactly(GpuReading.well(new Gpu("GPU-9246c9b8a7f1e2d3",
        "GPU-9246c9b8a7f1e2d3", Vendor.AMD, "AMD Radeon RX 7900 XTX", 24560, ""), new Load(7, 1)));
    for (var file : List.of("mem_info_vram_used", "gpu_busy_percent")) {
      Files.delete(folder.resolve("card0/device").resolve(file));
    }
    assertThat(new DrmProbe(folder, Vendor.AMD).read()).extracting(GpuReading::load).containsExactly(Load.UNKNOWN);
    assertThat(new DrmProbe(folder, Vendor.INTEL).read()).extracting(reading -> reading.gpu().uuid())
        .containsExactly("pci-0000:03:00.0");
    assertThatThrownBy(() -> new DrmProbe(folder.resolve("none"), Vendor.AMD).read())
        .isInstanceOf(GpuUnavailableException.class);
  }

  private void card(String name, String... files) throws IOException {
    var device = Files.createDirectories(folder.resolve(name).resolve("device"));
    for (int i = 0; i < files.length; i += 2) {
      Files.writeString(device.resolve(files[i]), files[i + 1] + "\n");
    }
  }
}
