package network.lilypad.executor.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tools that hang, fail, babble or are not there.
final class ToolTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir
  private Path folder;

  @Test void a_tool_that_hangs_is_given_up_in_time() throws Exception {
    var tool = new Tool(script("exec sleep 600"), Duration.ofMillis(300));
    long begin = System.nanoTime();
    assertThatThrownBy(tool::run).isInstanceOf(GpuUnavailableException.class).hasMessageContaining("hangs");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(2));
  }

  @Test void a_tool_whose_child_keeps_its_output_open_is_not_waited_for() throws Exception {
    // whether the system hands over what was said before its pipe ends is a race; that nobody waits for the child is not
    var child = folder.resolve("child");
    long begin = System.nanoTime();
    try {
      assertThat(new Tool(script("sleep 600 &\necho $! >" + child + "\necho said"), PATIENCE).run())
          .isEqualTo("said\n");
    } catch (GpuUnavailableException given) {
      assertThat(given).hasMessageContaining("cannot be read");
    }
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(child).strip()))).as("the child lives")
        .hasValueSatisfying(ProcessHandle::destroyForcibly);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(2));
  }

  @Test void a_tool_that_fails_is_told_with_its_exit_code_and_first_line() throws Exception {
    var tool = new Tool(script("echo 'Unable to determine the device handle'; echo more; exit 15"), PATIENCE);
    assertThatThrownBy(tool::run).isInstanceOf(GpuUnavailableException.class)
        .hasMessageContaining("exit code 15: Unable to determine the device handle").hasMessageNotContaining("more");
  }

  @Test void bytes_that_are_no_text_are_replaced() throws Exception {
    assertThat(new Tool(script("printf 'NVIDIA\\377\\376 H100'"), PATIENCE).run()).isEqualTo("NVIDIA\ufffd\ufffd H100");
  }

  @Test void a_tool_that_says_too_much_is_refused_at_the_bound() throws Exception {
    assertThat(new Tool(script("head -c " + Tool.OUTPUT_BYTES_MAX + " /dev/zero"), PATIENCE).run())
        .hasSize(Tool.OUTPUT_BYTES_MAX);
    var tool = new Tool(script("head -c " + (Tool.OUTPUT_BYTES_MAX + 1) + " /dev/zero"), PATIENCE);
    assertThatThrownBy(tool::run).isInstanceOf(GpuUnavailableException.class).hasMessageContaining("more than");
  }

  @Test void a_tool_that_never_stops_talking_has_said_too_much_and_does_not_hang() throws Exception {
    assertThatThrownBy(new Tool(script("exec cat /dev/zero"), PATIENCE)::run)
        .isInstanceOf(GpuUnavailableException.class)
        .hasMessageContaining("said more than " + Tool.OUTPUT_BYTES_MAX);
  }

  @Test void a_tool_that_is_not_there_says_so_at_once() {
    assertThatThrownBy(() -> new Tool("lilypad-no-such-tool", PATIENCE).run())
        .isInstanceOf(GpuUnavailableException.class).hasMessage("lilypad-no-such-tool does not run: not found");
  }

  @Test void nvidia_smi_is_asked_for_slices_only_where_there_are_some() throws Exception {
    var tool = new Tool(script("""
        case "$1" in
          --query-gpu=*) echo 'GPU-1, NVIDIA A100-SXM4-40GB, 40960, 0, 0, 535, Enabled, 0' ;;
          -L) echo 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1)'
              echo '  MIG 7g.40gb     Device  0: (UUID: MIG-1)' ;;
        esac"""), PATIENCE);
    var probe = new NvidiaSmiProbe(tool);
    assertThat(probe.read()).extracting(reading -> reading.gpu().model().key()).containsExactly("a100 mig 7g");
    assertThat(probe.patience()).isGreaterThan(PATIENCE.multipliedBy(2));
  }

  @Test void amd_is_asked_by_the_newer_tool_when_the_older_one_is_missing() throws Exception {
    var amdSmi = new Tool(script("""
        echo '[{"asic": {"market_name": "AMD Instinct MI300X", "asic_serial": "0x1"}, "vram": {"size": 196592}}]'"""),
        PATIENCE);
    var probe = new AmdProbe(new Tool("lilypad-no-such-tool", PATIENCE), amdSmi);
    assertThat(probe.read()).extracting(reading -> reading.gpu().uuid()).containsExactly("GPU-0000000000000001");
  }

  @Test void intel_is_asked_for_each_device() throws Exception {
    var tool = new Tool(
        script(
            """
                case "$2" in
                  -j) echo '{"device_list": [{"device_id": 0}, {"device_id": 1}]}' ;;
                  -d) echo "{\\"pci_bdf_address\\": \\"0000:0$3:00.0\\", \\"device_name\\": \\"Intel(R) Arc(TM) A770 Graphics\\","
                      echo ' "memory_physical_size_byte": 17028874240}' ;;
                esac"""),
        PATIENCE);
    assertThat(new IntelProbe(tool).read()).extracting(reading -> reading.gpu().uuid()).containsExactly(
        "pci-0000:00:00.0",
        "pci-0000:01:00.0");
  }

  private String script(String body) throws IOException {
    var file = Files.createTempFile(folder, "tool", ".sh",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    return file.toString();
  }
}
