package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Outcome.OutOfMemory;
import network.lilypad.executor.Outcome.Trapped;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose fault it is that a container was not started, told from what engines said.
class RefusalTest {
  /// How the engine hands on what the runtime said.
  private static final String CREATE = "failed to create shim task: OCI runtime create failed: runc create failed: "
      + "unable to start container process: ";

  @Test void the_engine_s_words_end_without_its_empty_lines() {
    var refused = new DockerException("{\"message\":\"executable file not found\"}\n\n", 400);
    assertThat(Refusal.of(refused).words()).endsWith("not found\"}");
    assertThat(Refusal.words(refused)).startsWith("Status 400").doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      CREATE + "exec: \"nothere\": executable file not found in $PATH: unknown",
      CREATE + "exec: \"/nothere\": stat /nothere: no such file or directory: unknown",
      CREATE + "exec: \"/bin/prestart hook\": stat /bin/prestart hook: no such file or directory: unknown",
      CREATE + "exec: \"a\\\": prestart hook\": executable file not found in $PATH: unknown",
      CREATE + "exec: \"/a\\\": prestart hook\": stat /a\": prestart hook: no such file or directory: unknown",
      CREATE + "exec: \"/x: no such file prestart hook\": stat /x: no such file prestart hook: no such file or "
          + "directory: unknown",
      CREATE
          + "error during container init: chdir to cwd (\"/nvidia-container\") set in config.json failed: no such file or "
          + "directory: unknown",
      CREATE + "exec: \\\"nvidia-container-cli\\\": executable file not found in $PATH: unknown",
      "OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"nothere\": "
          + "executable file not found in $PATH: unknown",
      CREATE
          + "error during container init: chdir to cwd (\"/secret\") set in config.json failed: no such file or directory: "
          + "unknown",
      "No command specified"}) void a_program_that_is_not_there_is_the_job_s_own_fault(String words) {
    assertThat(outcome(words)).hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Trapped.class)
        .extracting(Outcome::exitCode).isEqualTo(127));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      CREATE + "exec: \"/etc\": permission denied: unknown",
      CREATE
          + "exec: \"/bin/busybox/x\": stat /bin/busybox/x: not a directory: unknown: Are you trying to mount a directory "
          + "onto a file (or vice-versa)? Check if the specified host path exists and is the expected type",
      CREATE + "error during container init: error mounting \"/srv/outputs\" to rootfs at \"/bin/busybox\": mount "
          + "/srv/outputs:/bin/busybox (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount "
          + "a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type",
      CREATE + "exec: \"/prestart hook\": stat /prestart hook: file name too long: unknown",
      "unable to find user nvidia-container: no matching entries in passwd file",
      "unable to find user nosuch: no matching entries in passwd file",
      "unable to find group nosuch: no matching entries in group file",
      "uids and gids must be in range 0-2147483647", "Cannot mkdir: /bin/busybox is not a directory",
      "lstat /var/lib/docker/overlay2/ad2b/merged/bin/busybox/x: not a directory",
      "the working directory 'relative' is invalid, it needs to be an absolute path"}) void what_a_job_may_not_ask_for_is_its_own_fault(
          String words) {
    assertThat(outcome(words)).hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Trapped.class)
        .extracting(Outcome::exitCode).isEqualTo(126));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Minimum memory limit allowed is 6MB",
      CREATE
          + "container init was OOM-killed (memory limit too low?): unknown"}) void too_little_memory_to_start_is_told_by_name(
              String words) {
    assertThat(outcome(words)).contains(new OutOfMemory(64));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      CREATE
          + "error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected "
          + "mode as 'legacy'\nnvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open "
          + "shared object file: no such file or directory: unknown",
      CREATE
          + "error during container init: error running hook #0: error running hook: exit status 1, stdout: , stderr: "
          + "nvidia-container-cli: device error: GPU-1: unknown device: unknown",
      CREATE
          + "error during container init: error running createRuntime hook #0: fork/exec /usr/bin/nvidia-ctk: no such file "
          + "or directory: unknown",
      CREATE + "error running createContainer hook #1: exec: \"ldconfig\": executable file not found in $PATH: unknown",
      "failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open "
          + "/run/containerd/io.containerd.runtime.v2.task/moby/1/log.json: no such file or directory): exec: "
          + "\"nvidia-container-runtime\": executable file not found in $PATH: unknown",
      "failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open "
          + "/run/containerd/log.json: no such file or directory): fork/exec /usr/bin/runc: no such file or directory: unknown",
      CREATE
          + "error during container init: error mounting \"/srv/in\" to rootfs at \"/inputs\": stat /srv/in: no such file or "
          + "directory: unknown",
      "could not select device driver \"\" with capabilities: [[gpu]]",
      "error gathering device information while adding custom device \"/dev/kfd\": no such file or directory",
      "failed to inject CDI devices: unresolvable CDI devices nvidia.com/gpu=GPU-1",
      "No such container: nope"}) void what_the_machine_lacks_is_its_own_fault(String words) {
    assertThat(outcome(words)).isEmpty();
  }

  private static Optional<Outcome> outcome(String words) {
    var limits = new Guests.Limits(64, Duration.ofMinutes(1), new OutputLimits(1, 1, 1));
    var task = new Guests(Path.of("run"), 1, (_, _, arguments, environment, outputs) -> new JobSpec(
        "x", "", Engine.DOCKER, Bytes32.ZERO, "x", arguments,
        environment, outputs)).task("x", limits, List.of(), Map.of());
    return new Refusal("Status 500: {\"message\":\"" + words + "\"}").outcome(task);
  }
}
