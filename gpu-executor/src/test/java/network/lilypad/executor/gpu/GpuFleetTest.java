package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;
import org.junit.jupiter.api.Test;

/// When a GPU is fenced, and when it comes back.
final class GpuFleetTest {
  private static final Gpu A = gpu("GPU-a");
  private static final Gpu B = gpu("GPU-b");
  private static final GpuFleet BOTH = GpuFleet.of("nvml", List.of(well(A), well(B)));

  static Gpu gpu(String uuid) {
    return new Gpu(uuid, uuid, Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 81559, "550");
  }

  static GpuReading well(Gpu gpu) {
    return GpuReading.well(gpu, new Load(50, 100));
  }

  @Test void a_gpu_that_is_not_seen_is_fenced_and_the_others_are_not() {
    assertThat(BOTH.seen("nvml", List.of(well(B))).fenced()).isEqualTo(Map.of("GPU-a", "it is lost"));
  }

  @Test void a_new_gpu_joins_up_to_the_owner_s_share_and_a_known_one_only_once() {
    var seen = List.of(well(A), well(B), well(gpu("GPU-c")), well(gpu("GPU-d")));
    assertThat(BOTH.adopt("nvml", seen, 3).gpus()).extracting(Gpu::uuid).containsExactly("GPU-a", "GPU-b", "GPU-c");
    assertThat(BOTH.adopt("nvml", List.of(well(B), well(A)), 9)).isEqualTo(BOTH);
    assertThat(BOTH.adopt("nvml", List.of(new GpuReading(gpu("GPU-c"), Load.UNKNOWN, 0, "Xid 79")), 9).fenced())
        .isEqualTo(Map.of("GPU-c", "Xid 79"));
  }

  @Test void slices_of_a_board_that_is_cut_up_anew_are_forgotten_and_a_lost_board_is_not() {
    // given
    var slice = new Gpu("MIG-1", "GPU-a", Vendor.NVIDIA, "NVIDIA A100 MIG 1g.5gb", 4864, "550");
    var seen = List.of(well(slice));
    // when
    var cut = BOTH.seen("nvml", seen).adopt("nvml", seen, 9);
    // then
    assertThat(cut.gpus()).extracting(Gpu::uuid).containsExactly("GPU-b", "MIG-1");
    assertThat(cut.fenced()).isEqualTo(Map.of("GPU-b", "it is lost"));
  }

  @Test void a_gpu_with_a_fault_is_fenced_with_its_first_reason() {
    var faulty = BOTH.seen("nvml", List.of(new GpuReading(A, Load.UNKNOWN, 0, "Xid 79"), well(B)));
    assertThat(faulty.fenced()).isEqualTo(Map.of("GPU-a", "Xid 79"));
    assertThat(faulty.silent("nvml", "hangs").fenced()).isEqualTo(Map.of("GPU-a", "Xid 79", "GPU-b", "hangs"));
  }

  @Test void a_new_uncorrected_error_fences_and_an_old_one_does_not() {
    var old = GpuFleet.of("nvml", List.of(new GpuReading(A, Load.UNKNOWN, 3, "")));
    assertThat(old.seen("nvml", List.of(new GpuReading(A, Load.UNKNOWN, 3, ""))).fenced()).isEmpty();
    assertThat(old.seen("nvml", List.of(new GpuReading(A, Load.UNKNOWN, 4, ""))).fenced())
        .isEqualTo(Map.of("GPU-a", "uncorrected memory errors: 4"));
  }

  @Test void a_gpu_comes_back_after_good_looks_in_a_row_and_not_one_earlier() {
    var fleet = BOTH.silent("nvml", "hangs");
    for (int i = 1; i < GpuFleet.GOOD_LOOKS; i++) {
      fleet = fleet.seen("nvml", List.of(well(A), well(B)));
    }
    assertThat(fleet.fenced()).hasSize(2);
    var flickered = fleet.seen("nvml", List.of(well(A)));
    assertThat(flickered.fenced()).isEqualTo(Map.of("GPU-b", "hangs"));
    assertThat(fleet.seen("nvml", List.of(well(A), well(B))).fenced()).isEmpty();
    for (int i = 1; i < GpuFleet.GOOD_LOOKS; i++) {
      flickered = flickered.seen("nvml", List.of(well(A), well(B)));
    }
    assertThat(flickered.fenced()).hasSize(1);
    assertThat(flickered.seen("nvml", List.of(well(A), well(B))).fenced()).isEmpty();
  }

  @Test void a_probe_speaks_for_its_own_gpus_only() {
    var mixed = BOTH.and(GpuFleet.of("amd", List.of(well(gpu("GPU-c")))));
    assertThat(mixed.silent("amd", "hangs").fenced()).containsOnlyKeys("GPU-c");
    assertThat(mixed.seen("amd", List.of(well(gpu("GPU-c")))).fenced()).isEmpty();
    assertThat(mixed.gpus()).extracting(Gpu::uuid).containsExactly("GPU-a", "GPU-b", "GPU-c");
  }

  @Test void a_gpu_that_was_not_there_at_the_start_and_one_named_twice_change_nothing() {
    assertThat(BOTH.seen("nvml", List.of(well(A), well(B), well(gpu("GPU-new")))).gpus()).isEqualTo(BOTH.gpus());
    assertThat(GpuFleet.of("nvml", List.of(well(A), well(A))).gpus()).containsExactly(A);
    assertThat(BOTH.load("GPU-a")).isEqualTo(new Load(50, 100));
    assertThat(BOTH.load("GPU-new")).isEqualTo(Load.UNKNOWN);
  }
}
