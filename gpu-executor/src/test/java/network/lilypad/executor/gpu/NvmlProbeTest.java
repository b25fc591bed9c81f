package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.gpu.Gpu.Vendor;
import network.lilypad.executor.gpu.GpuReading.Load;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// NVIDIA's library through the foreign-function interface, against a small library of our own with the same functions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NvmlProbeTest {
  private Optional<Path> library = Optional.empty();

  @BeforeAll void compile(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) Path folder) throws Exception {
    var source = folder.resolve("nvml.c");
    try (var text = Objects.requireNonNull(NvmlProbeTest.class.getResourceAsStream("/gpu/nvml.c"))) {
      Files.copy(text, source);
    }
    var target = folder.resolve("libnvidia-ml.so.1");
    library = compiled(source, target) ? Optional.of(target) : Optional.empty();
  }

  private static boolean compiled(Path source, Path target) throws InterruptedException {
    try {
      var cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", target.toString(), source.toString()).inheritIO()
          .start();
      assertThat(cc.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return cc.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// The compiled library, or where there is no compiler the same answers made in Java.
  private NativeCalls nvml(FakeNvml.Scene scene) {
    if (library.isEmpty()) {
      return new FakeNvml(scene);
    }
    var compiled = NativeLibrary.open(library.get().toString());
    compiled.call("test_scene", scene.ordinal());
    return compiled;
  }

  @Test void boards_are_read_and_a_board_in_mig_mode_is_its_slices() {
    var readings = NvmlProbe.of(nvml(FakeNvml.Scene.WELL)).read();
    assertThat(readings).containsExactly(
        new GpuReading(new Gpu("GPU-0", "GPU-0", Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 81559, "550.54.15"),
            new Load(97, 4123), 1, ""),
        new GpuReading(
            new Gpu("MIG-1-0", "GPU-1", Vendor.NVIDIA, "NVIDIA A100-SXM4-40GB MIG 1g.5gb", 4864, "550.54.15"),
            new Load(Load.UNSAID, 16), 0, ""),
        new GpuReading(
            new Gpu("MIG-1-2", "GPU-1", Vendor.NVIDIA, "NVIDIA A100-SXM4-40GB MIG 1g.5gb", 4864, "550.54.15"),
            new Load(Load.UNSAID, 16), 0, ""));
  }

  @Test void a_critical_xid_is_a_fault_of_its_board_once_and_one_that_a_program_causes_is_none() {
    var probe = NvmlProbe.of(nvml(FakeNvml.Scene.XIDS));
    assertThat(probe.read()).extracting(GpuReading::fault).containsExactly("Xid 79", "", "");
    assertThat(probe.read()).extracting(GpuReading::fault).containsExactly("", "", "");
  }

  @Test void a_board_that_is_lost_is_missing() {
    var readings = NvmlProbe.of(nvml(FakeNvml.Scene.LOST)).read();
    assertThat(readings).extracting(reading -> reading.gpu().board()).containsExactly("GPU-1", "GPU-1");
  }

  @Test void a_library_without_a_driver_says_so() {
    var nvml = nvml(FakeNvml.Scene.NO_DRIVER);
    assertThatThrownBy(() -> NvmlProbe.of(nvml)).isInstanceOf(GpuUnavailableException.class)
        .hasMessage("nvmlInit_v2 answered 9");
  }

  @Test void a_board_that_was_plugged_in_is_seen_after_one_new_start_with_time_for_it() {
    // given
    var boards = new AtomicInteger(1);
    var library = counting(nvml(FakeNvml.Scene.PLUGGED));
    var probe = NvmlProbe.of(library, boards::get);
    for (int look = 0; look < 100; look++) {
      assertThat(probe.read()).extracting(reading -> reading.gpu().board()).containsExactly("GPU-0");
    }
    assertThat(library.called()).doesNotContain("nvmlShutdown");
    var usual = probe.patience();
    // when
    boards.set(2);
    // then
    assertThat(probe.read()).extracting(reading -> reading.gpu().board()).containsExactly("GPU-0");
    assertThat(probe.patience()).isGreaterThan(usual.multipliedBy(5));
    assertThat(probe.read()).extracting(reading -> reading.gpu().board()).containsExactly("GPU-0", "GPU-1", "GPU-1");
    assertThat(probe.patience()).isEqualTo(usual);
    for (int look = 0; look < 100; look++) {
      probe.read();
    }
    assertThat(library.called()).filteredOn("nvmlInit_v2"::equals).hasSize(2);
    assertThat(library.called()).containsSubsequence("nvmlEventSetFree", "nvmlShutdown", "nvmlInit_v2",
        "nvmlEventSetCreate", "nvmlDeviceRegisterEvents", "nvmlDeviceRegisterEvents");
  }

  @Test void a_library_that_sees_no_board_is_not_kept_started() {
    var all = nvml(FakeNvml.Scene.WELL);
    var library = counting((function, arguments) -> function.equals("nvmlDeviceGetHandleByIndex_v2") ? 15
        : all.call(function, arguments));
    var probe = NvmlProbe.of(library, () -> 2);
    assertThat(probe.read()).isEmpty();
    assertThat(probe.read()).isEmpty();
    assertThat(library.called()).filteredOn("nvmlInit_v2"::equals).hasSize(2);
    assertThat(library.called()).filteredOn("nvmlShutdown"::equals).hasSize(2);
  }

  /// A library that remembers which functions were called.
  private record Counting(NativeCalls library, List<String> called) implements NativeCalls {
    @Override public int call(String function, Object... arguments) {
      called.add(function);
      return library.call(function, arguments);
    }
  }

  private static Counting counting(NativeCalls library) {
    return new Counting(library, new ArrayList<>());
  }

  @Test void a_driver_that_was_unloaded_is_taken_up_again_when_it_is_back() {
    // given
    var all = nvml(FakeNvml.Scene.WELL);
    var loaded = new AtomicBoolean(true);
    var probe = NvmlProbe.of((function, arguments) -> loaded.get() ? all.call(function, arguments) : 9);
    // when
    loaded.set(false);
    // then
    assertThatThrownBy(probe::read).isInstanceOf(GpuUnavailableException.class).hasMessageContaining("Count");
    assertThatThrownBy(probe::read).isInstanceOf(GpuUnavailableException.class).hasMessageContaining("nvmlInit_v2");
    loaded.set(true);
    assertThat(probe.read()).hasSize(3);
  }

  @Test void an_old_library_without_slices_and_events_serves_for_boards() {
    var all = nvml(FakeNvml.Scene.WELL);
    NativeCalls old = (function, arguments) -> function.contains("Mig") || function.contains("Event")
        ? NativeCalls.FUNCTION_NOT_FOUND
        : all.call(function, arguments);
    assertThat(NvmlProbe.of(old).read()).extracting(reading -> reading.gpu().uuid()).containsExactly("GPU-0", "GPU-1");
  }

  @Test void a_function_that_a_library_does_not_have_is_told_by_its_code() {
    library.ifPresent(file -> assertThat(NativeLibrary.open(file.toString()).call("nvmlNoSuchFunction"))
        .isEqualTo(NativeCalls.FUNCTION_NOT_FOUND));
    assertThat(new FakeNvml(FakeNvml.Scene.WELL).call("nvmlNoSuchFunction")).isEqualTo(NativeCalls.FUNCTION_NOT_FOUND);
  }

  @Test void the_made_up_library_answers_like_the_compiled_one() {
    for (var scene : List.of(FakeNvml.Scene.WELL, FakeNvml.Scene.LOST, FakeNvml.Scene.XIDS)) {
      assertThat(NvmlProbe.of(new FakeNvml(scene)).read()).isEqualTo(NvmlProbe.of(nvml(scene)).read());
    }
  }

  @Test void a_machine_without_the_library_is_told_by_its_name() {
    assertThatThrownBy(() -> NativeLibrary.open("libnvidia-ml-of-nobody.so.1"))
        .isInstanceOf(GpuUnavailableException.class).hasMessageContaining("libnvidia-ml-of-nobody.so.1 is not there");
  }
}
