package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import network.lilypad.executor.ExecutorUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program that only waits.
final class PauseProgramTest {
  @TempDir
  private Path home;

  @Test void it_waits_without_work_until_it_is_killed() throws Exception {
    var file = Files.write(home.resolve("pause"), PauseProgram.of("amd64"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    var process = new ProcessBuilder(file.toString()).start();
    var waits = "271 0x0 0x0 0x0 0x0";
    assertThat(eventually(() -> syscall(process), call -> call.startsWith(waits))).startsWith(waits);
    assertThat(process.isAlive()).isTrue();
    assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
  }

  private static String syscall(Process process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/syscall"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test void it_is_there_for_both_kinds_of_machine_and_refused_by_name_for_others() {
    for (var architecture : new String[]{"amd64", "arm64"}) {
      var file = ByteBuffer.wrap(PauseProgram.of(architecture)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(file.getInt(0)).isEqualTo(0x464c457f);
      assertThat(file.getShort(18)).isEqualTo((short) (architecture.equals("amd64") ? 62 : 183));
      assertThat(file.getLong(24)).isEqualTo(0x400078);
      assertThat(file.getLong(96)).as("bytes to load").isEqualTo(file.capacity());
    }
    assertThatThrownBy(() -> PauseProgram.of("riscv64")).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("riscv64 (expected: amd64 or arm64)");
    assertThat(PauseImage.of("amd64").name()).isNotEqualTo(PauseImage.of("arm64").name()).startsWith("lilypad-pause:");
  }
}
