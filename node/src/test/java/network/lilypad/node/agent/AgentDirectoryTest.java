package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may work in an agent's directory.
final class AgentDirectoryTest {
  @TempDir
  private Path folder;

  /// Another process that holds a directory until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (var _ = AgentDirectory.take(Path.of(args[0]))) {
        System.out.println("held");
        System.in.read();
      }
    }
  }

  @Test void a_second_agent_of_this_process_is_refused_until_the_first_has_gone() throws IOException {
    var directory = folder.resolve("provider");
    try (var _ = AgentDirectory.take(directory)) {
      assertThatExceptionOfType(AgentDirectory.TakenException.class)
          .isThrownBy(() -> AgentDirectory.take(folder.resolve("provider/../provider")))
          .withMessageContaining("this process").withMessageContaining("provider");
    }
    AgentDirectory.take(directory).close();
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
      assertThatExceptionOfType(AgentDirectory.TakenException.class).isThrownBy(() -> AgentDirectory.take(folder))
          .withMessageContaining("process " + holder.pid()).withMessageContaining(folder.toString());
    } finally {
      // when
      holder.destroyForcibly().waitFor();
    }
    // then
    AgentDirectory.take(folder).close();
  }

  @Test void a_refused_attempt_does_not_open_the_directory_to_other_processes() throws Exception {
    // given
    try (var _ = AgentDirectory.take(folder)) {
      assertThatExceptionOfType(AgentDirectory.TakenException.class).isThrownBy(() -> AgentDirectory.take(folder));
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
