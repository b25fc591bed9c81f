package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may work in a directory.
final class HeldDirectoryTest {
  @TempDir
  private Path folder;

  /// Another process that holds a directory until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (var _ = HeldDirectory.take(Path.of(args[0]), "agent")) {
        System.out.println("held");
        System.in.read();
      }
    }
  }

  @Test void a_second_agent_of_this_process_is_refused_until_the_first_has_gone() throws IOException {
    var directory = folder.resolve("provider");
    try (var _ = HeldDirectory.take(directory, "agent")) {
      assertThatExceptionOfType(HeldDirectory.TakenException.class)
          .isThrownBy(() -> HeldDirectory.take(folder.resolve("provider/../provider"), "agent"))
          .withMessageContaining("this process").withMessageContaining("provider");
    }
    HeldDirectory.take(directory, "agent").close();
  }

  @Test void one_of_another_kind_may_work_in_the_same_directory() throws IOException {
    try (var _ = HeldDirectory.take(folder, "agent"); var _ = HeldDirectory.take(folder, "node")) {
      assertThat(folder.resolve("agent.lock")).exists();
      assertThat(folder.resolve("node.lock")).exists();
    }
  }

  @Test void another_process_is_refused_even_after_an_attempt_here_and_a_killed_one_leaves_nothing_locked()
      throws Exception {
    // given
    var holder = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
        System.getProperty("java.class.path"), Holder.class.getName(), folder.toString()).redirectErrorStream(true)
        .start();
    try (var said = new BufferedReader(holder.inputReader(StandardCharsets.UTF_8))) {
      assertThat(said.lines().anyMatch("held"::equals)).isTrue();
      // when, then
      assertThatExceptionOfType(HeldDirectory.TakenException.class)
          .isThrownBy(() -> HeldDirectory.take(folder, "agent"))
          .withMessageContaining("process " + holder.pid()).withMessageContaining(folder.toString());
    } finally {
      // when
      holder.destroyForcibly().waitFor();
    }
    // then
    HeldDirectory.take(folder, "agent").close();
  }

  @Test void a_refused_attempt_does_not_open_the_directory_to_other_processes() throws Exception {
    // given
    try (var _ = HeldDirectory.take(folder, "agent")) {
      assertThatExceptionOfType(HeldDirectory.TakenException.class)
          .isThrownBy(() -> HeldDirectory.take(folder, "agent"));
      // when
      var other = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
          System.getProperty("java.class.path"), Holder.class.getName(), folder.toString()).redirectErrorStream(true)
          .start();
      // then
      try (var said = new BufferedReader(other.inputReader(StandardCharsets.UTF_8))) {
        assertThat(said.lines()).anyMatch(line -> line.contains("process " + ProcessHandle.current().pid()));
      }
      assertThat(other.waitFor()).isNotZero();
    }
  }
}
