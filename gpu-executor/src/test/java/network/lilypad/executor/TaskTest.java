package network.lilypad.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.Test;

class TaskTest {
  @Test void the_invocation_counts_entrypoint_arguments_and_variables_each_with_its_end() {
    // given: each text counts one byte more than it has
    var half = "x".repeat(Task.INVOCATION_BYTES_MAX / 2 - 1);
    // when
    var task = task(List.of(half), List.of(half));
    // then
    assertThat(task.spec().entrypoint()).containsExactly(half);
    assertThatThrownBy(() -> task(List.of(half, ""), List.of(half)))
        .hasMessage("invocation bytes: 131073 (expected: at most 131072)");
  }

  @Test void an_output_where_the_kernel_or_the_inputs_are_is_refused_by_name() {
    for (var path : List.of("/proc", "/proc/self", "/sys/x", "/dev/shm", "/inputs", "/inputs/x")) {
      assertThatThrownBy(() -> writing(path))
          .hasMessage("output path: " + path + " (expected: none in /inputs, /proc, /sys, /dev)");
    }
    assertThat(writing("/devices").spec().outputs()).containsEntry("o", "/devices");
  }

  @Test void a_variable_whose_name_no_program_can_have_is_refused_by_name() {
    for (var name : List.of("", "A=B", "A\0")) {
      assertThatThrownBy(() -> task(new JobSpec("x", "", Engine.DOCKER, Bytes32.ZERO, "x", List.of(),
          new TreeMap<>(Map.of(name, "1")), new TreeMap<>()))).hasMessageStartingWith("variable name: ");
    }
  }

  private static Task writing(String path) {
    var spec = new JobSpec("x", "", Engine.DOCKER, Bytes32.ZERO, "x", List.of(), new TreeMap<>(),
        new TreeMap<>(Map.of("o", path)));
    return task(spec);
  }

  private static Task task(List<String> entrypoint, List<String> arguments) {
    var spec = new JobSpec("x", "", Engine.DOCKER, Bytes32.ZERO, "x", arguments, new TreeMap<>(), new TreeMap<>(),
        entrypoint, "", List.of(), 0);
    return task(spec);
  }

  private static Task task(JobSpec spec) {
    var grant = new Task.Grant(Resources.NONE, Duration.ofSeconds(1), Task.OutputLimits.of(1), List.of(),
        NetworkPolicy.NONE);
    return new Task(DealId.of(new JobId(Bytes32.ZERO), 1), spec, grant, new RunDirectory(Path.of("run")));
  }
}
