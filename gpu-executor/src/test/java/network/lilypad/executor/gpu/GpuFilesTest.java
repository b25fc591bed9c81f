package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuFiles.File;
import network.lilypad.executor.gpu.GpuFiles.Handover;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which device files a GPU has, and that one without them is not sold.
final class GpuFilesTest {
  private static final String AMD = "GPU-9246c9b8a7f1e2d3";
  private static final String INTEL = "pci-0000:03:00.0";
  private static final String NVIDIA = "GPU-de9d2f0e-4b4a-4c3b-9d2b-0e4b4a4c3b9d";

  @TempDir
  private Path drm;
  @TempDir
  private Path dev;
  private GpuFiles files;

  @BeforeEach void machine() throws IOException {
    card("card0", "renderD128", "vendor", "0x1002", "unique_id", "1111111111111111", "product_name", "Instinct MI100",
        "mem_info_vram_total", "25753026560");
    card("card1", "renderD129", "vendor", "0x1002", "unique_id", AMD.substring(4), "product_name", "Instinct MI100",
        "mem_info_vram_total", "25753026560");
    card("card2", "renderD130", "vendor", "0x8086", "device", "0x56a0", "uevent",
        "DRIVER=i915\nPCI_SLOT_NAME=0000:03:00.0");
    Files.writeString(drm.resolve("card2/lmem_total_bytes"), "17028874240\n");
    Files.createDirectories(dev.resolve("dri"));
    for (var name : List.of("kfd", "dri/renderD129", "dri/renderD130")) {
      Files.createFile(dev.resolve(name));
    }
    files = new GpuFiles(drm, dev);
  }

  @Test void an_amd_gpu_is_its_own_renderer_and_the_one_way_to_compute() throws IOException {
    var handover = files.handover(List.of(AMD));
    assertThat(handover.requested()).isEmpty();
    assertThat(handover.files()).containsExactly(new File(dev.resolve("kfd"), "/dev/kfd"),
        new File(dev.resolve("dri/renderD129"), "/dev/dri/renderD129"));
    assertThat(handover.groups()).containsExactly((Integer) Files.getAttribute(dev.resolve("kfd"), "unix:gid"));
  }

  @Test void an_intel_gpu_is_its_renderer() {
    assertThat(files.handover(List.of(INTEL)).files())
        .containsExactly(new File(dev.resolve("dri/renderD130"), "/dev/dri/renderD130"));
  }

  @Test void an_nvidia_gpu_is_asked_for_by_its_uuid() {
    assertThat(files.handover(List.of(NVIDIA, "MIG-1", "GPU-0"))).isEqualTo(
        new Handover(List.of(NVIDIA, "MIG-1", "GPU-0"), List.of(), Set.of()));
    assertThat(files.handover(List.of())).isEqualTo(Handover.NONE);
  }

  @Test void a_gpu_whose_files_are_missing_is_not_offered_and_the_reason_is_told() throws Exception {
    assertThatThrownBy(() -> files.handover(List.of("GPU-1111111111111111")))
        .hasMessage(dev.resolve("dri/renderD128") + " is not there: let udev make it");
    var probe = new HandoverProbe(new DrmProbe(drm, Vendor.AMD), files);
    assertThat(probe.read()).extracting(reading -> reading.gpu().uuid()).containsExactly(AMD);
    assertThat(probe.leftOut()).isEqualTo("GPU-1111111111111111: " + dev.resolve("dri/renderD128")
        + " is not there: let udev make it");
    // when
    Files.delete(dev.resolve("kfd"));
    var found = new GpuSearch(List.of(List.of(() -> probe), List.of(() -> new HandoverProbe(
        new DrmProbe(drm, Vendor.INTEL), files))), Duration.ofMinutes(1)).look();
    // then
    assertThat(found.fleet().gpus()).extracting(Gpu::uuid).containsExactly(INTEL);
    assertThat(found.tried().get("drm-AMD")).startsWith("0 GPUs, not offered: ").contains("kfd is not there: load the "
        + "driver amdgpu");
    assertThat(found.tried()).containsEntry("drm-INTEL", "1 GPUs");
  }

  @Test void a_gpu_that_no_driver_renders_with_says_so() throws IOException {
    Files.delete(drm.resolve("card2/device/drm/renderD130"));
    assertThatThrownBy(() -> files.handover(List.of(INTEL)))
        .hasMessageContaining("card2 has no renderD file: load its driver");
    assertThatThrownBy(() -> files.handover(List.of("pci-0000:99:00.0"))).isInstanceOf(GpuUnavailableException.class)
        .hasMessageContaining("no card in ").hasMessageEndingWith(" is pci-0000:99:00.0");
    assertThat(files.obstacle(new Gpu(NVIDIA, NVIDIA, Vendor.NVIDIA, "NVIDIA H100", 1, ""))).isEmpty();
    assertThat(files.obstacle(new Gpu(AMD, AMD, Vendor.NVIDIA, "NVIDIA H100", 1, "")))
        .hasValueSatisfying(why -> assertThat(why).startsWith("its UUID is none of NVIDIA's"));
  }

  private void card(String name, String renderer, String... texts) throws IOException {
    var device = Files.createDirectories(drm.resolve(name).resolve("device"));
    Files.createDirectories(device.resolve("drm").resolve(name));
    Files.createDirectories(device.resolve("drm").resolve(renderer));
    for (int i = 0; i < texts.length; i += 2) {
      Files.writeString(device.resolve(texts[i]), texts[i + 1] + "\n");
    }
  }
}
