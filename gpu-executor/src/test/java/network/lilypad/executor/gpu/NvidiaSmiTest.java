package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;
import org.junit.jupiter.api.Test;

/// What `nvidia-smi` prints, whole and broken.
final class NvidiaSmiTest {
  private static final String A = "GPU-5c2e3b1a-7f0e-9d1c-4b2a-0123456789ab";
  private static final String B = "GPU-00112233-4455-6677-8899-aabbccddeeff";
  private static final String TWO = A + ", NVIDIA H100 80GB HBM3, 81559, 4123, 97, 550.54.15, Disabled, 0\n" + B
      + ", NVIDIA H100 80GB HBM3, 81559, 0, 0, 550.54.15, Disabled, 2\n";
  private static final String SLICED = """
      GPU 0: NVIDIA A100-SXM4-40GB (UUID: %s)
        MIG 1g.5gb      Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
        MIG 3g.20gb     Device  1: (UUID: MIG-GPU-5c2e3b1a-7f0e-9d1c-4b2a-0123456789ab/2/0)
      GPU 1: NVIDIA A100-SXM4-40GB (UUID: %s)
      """.formatted(A, B);

  @Test void boards_are_read_with_memory_driver_load_and_errors() {
    assertThat(NvidiaSmi.readings(TWO, "")).containsExactly(
        new GpuReading(new Gpu(A, A, Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 81559, "550.54.15"), new Load(97, 4123), 0,
            ""),
        new GpuReading(new Gpu(B, B, Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 81559, "550.54.15"), new Load(0, 0), 2,
            ""));
  }

  @Test void a_board_in_mig_mode_is_its_slices_each_with_its_own_name_and_memory() {
    var csv = A + ", NVIDIA A100-SXM4-40GB, 40960, 0, [N/A], 535.129.03, Enabled, 0\n" + B
        + ", NVIDIA A100-SXM4-40GB, 40960, 0, 3, 535.129.03, Disabled, 0\n";
    assertThat(NvidiaSmi.readings(csv, SLICED)).extracting(GpuReading::gpu).containsExactly(
        new Gpu("MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f", A, Vendor.NVIDIA, "NVIDIA A100-SXM4-40GB MIG 1g.5gb", 4860,
            "535.129.03"),
        new Gpu("MIG-GPU-5c2e3b1a-7f0e-9d1c-4b2a-0123456789ab/2/0", A, Vendor.NVIDIA,
            "NVIDIA A100-SXM4-40GB MIG 3g.20gb", 19440, "535.129.03"),
        new Gpu(B, B, Vendor.NVIDIA, "NVIDIA A100-SXM4-40GB", 40960, "535.129.03"));
  }

  @Test void a_board_in_mig_mode_without_slices_is_nothing_to_sell() {
    var csv = A + ", NVIDIA A100-SXM4-40GB, 40960, 0, [N/A], 535.129.03, Enabled, 0\n";
    assertThat(NvidiaSmi.readings(csv, "")).isEmpty();
  }

  @Test void what_a_board_does_not_say_is_not_taken_for_nothing() {
    var csv = A + ", NVIDIA GeForce RTX 4090, 24564, [N/A], [Not Supported], [N/A], [N/A], [N/A]\n";
    assertThat(NvidiaSmi.readings(csv, "")).containsExactly(new GpuReading(
        new Gpu(A, A, Vendor.NVIDIA, "NVIDIA GeForce RTX 4090", 24564, ""), Load.UNKNOWN, 0, ""));
  }

  @Test void a_board_that_cannot_be_named_or_measured_is_missing_and_the_others_are_not() {
    var csv = "[GPU is lost], NVIDIA H100, 81559, 0, 0, 550, Disabled, 0\n" + TWO
        + A + ", NVIDIA H100, [Unknown Error], 0, 0, 550, Disabled, 0\n";
    assertThat(NvidiaSmi.readings(csv, "")).hasSize(2);
  }

  @Test void a_line_that_is_cut_off_is_missing() {
    assertThat(NvidiaSmi.readings(TWO.substring(0, TWO.length() - 20), "")).hasSize(1);
  }

  @Test void garbage_is_no_empty_machine() {
    assertThatThrownBy(() -> NvidiaSmi.readings("NVIDIA-SMI has failed because it couldn't communicate\n", ""))
        .isInstanceOf(GpuUnavailableException.class).hasMessageContaining("has failed");
    assertThat(NvidiaSmi.readings("", "")).isEmpty();
  }
}
