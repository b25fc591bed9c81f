package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.executor.gpu.GpuFiles;
import network.lilypad.executor.gpu.GpuFiles.Handover;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How GPUs get into a container, and that no other does. There is no GPU here: what the engine is asked for is looked
/// at.
final class ContainerPlanTest {
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(1),
      new OutputLimits(1 << 20, 1 << 20, 100));

  private static final String[] AWAY = {"AMD_VISIBLE_DEVICES", "NVIDIA_MOFED", "NVIDIA_GDS", "NVIDIA_GDRCOPY",
      "NVIDIA_NVSWITCH", "NVIDIA_IMEX_CHANNELS", "NVIDIA_MIG_CONFIG_DEVICES", "NVIDIA_MIG_MONITOR_DEVICES"};

  @TempDir
  private Path home;

  @Test void a_job_without_gpus_gets_none_whatever_it_and_its_image_say() {
    var create = planned(Handover.NONE, "NVIDIA_VISIBLE_DEVICES", "all", "AMD_VISIBLE_DEVICES", "all",
        "NVIDIA_DRIVER_CAPABILITIES", "compute", "NVIDIA_MOFED", "enabled", "NVIDIA_MIG_CONFIG_DEVICES", "all");
    assertThat(create.getEnv()).contains(AWAY).hasSize(AWAY.length + 2).contains("NVIDIA_DRIVER_CAPABILITIES=compute",
        "NVIDIA_VISIBLE_DEVICES=void");
    assertThat(create.getHostConfig()).isNotNull();
    assertThat(create.getHostConfig().getDeviceRequests()).isNullOrEmpty();
    assertThat(create.getHostConfig().getDevices()).isNullOrEmpty();
  }

  @Test void a_job_gets_the_nvidia_gpus_that_it_has_rented_and_no_other() {
    var create = planned(new Handover(List.of("GPU-1", "MIG-2"), List.of(), Set.of()), "NVIDIA_VISIBLE_DEVICES", "all");
    assertThat(create.getEnv()).contains(AWAY).hasSize(AWAY.length + 1).contains("NVIDIA_VISIBLE_DEVICES=GPU-1,MIG-2");
    assertThat(create.getHostConfig()).isNotNull();
    assertThat(create.getHostConfig().getDeviceRequests()).singleElement().satisfies(request -> {
      assertThat(request.getDeviceIds()).containsExactly("GPU-1", "MIG-2");
      assertThat(request.getCapabilities()).containsExactly(List.of("gpu"));
    });
    assertThat(create.getHostConfig().getDevices()).isNullOrEmpty();
  }

  @Test void the_device_files_of_a_gpu_are_in_its_container_with_their_groups_and_within_all_walls() throws Exception {
    // given: any device will do, under the names of a GPU's
    var files = List.of(new GpuFiles.File(Path.of("/dev/zero"), "/dev/kfd"),
        new GpuFiles.File(Path.of("/dev/null"), "/dev/dri/renderD129"));
    var handover = new Handover(List.of(), files, Set.of(44, 109));
    // when
    var client = TestEngine.shared().client();
    var made = planned(handover, "AMD_VISIBLE_DEVICES", "all").exec().getId();
    // then
    try {
      var host = client.inspectContainerCmd(made).exec().getHostConfig();
      assertThat(host.getDeviceRequests()).isNullOrEmpty();
      assertThat(host.getDevices())
          .extracting(device -> device.getPathOnHost() + " " + device.getPathInContainer() + " "
              + device.getcGroupPermissions())
          .containsExactly("/dev/zero /dev/kfd rw", "/dev/null /dev/dri/renderD129 rw");
      assertThat(host.getGroupAdd()).containsExactly("44", "109");
      assertThat(host.getPrivileged()).isFalse();
      assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges:true");
      assertThat(host.getReadonlyRootfs()).isTrue();
    } finally {
      client.removeContainerCmd(made).exec();
    }
  }

  @Test void what_an_image_says_of_gpus_is_overruled() throws Exception {
    var image = TestEngine.shared().load(ShellImage.of("\"Env\":[\"PATH=/bin\",\"NVIDIA_VISIBLE_DEVICES=all\","
        + "\"NVIDIA_GDS=enabled\",\"NVIDIA_IMEX_CHANNELS=0\",\"AMD_VISIBLE_DEVICES=all\",\"NVIDIA_DRIVER_CAPABILITIES=compute\"]"));
    var spec = new JobSpec("guest", "", Engine.DOCKER, image, "", List.of("env"), new TreeMap<>(), new TreeMap<>());
    var task = TestEngine.shared().guests(home, 1).task(spec, LIMITS);
    try (var executor = DockerExecutor.of(DockerSetting.of(Owners.fresh()), InstantSource.system())) {
      var ended = executor.start(task, Sink.NONE).await();
      assertThat(Files.readString(ended.result().resolve("stdout"), StandardCharsets.UTF_8).lines())
          .contains("NVIDIA_VISIBLE_DEVICES=void", "NVIDIA_DRIVER_CAPABILITIES=compute")
          .noneMatch(line -> Stream.of(AWAY).anyMatch(line::startsWith));
    }
  }

  private CreateContainerCmd planned(Handover gpus, String... variables) {
    var environment = new TreeMap<String, String>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    var image = "sha256:" + TestEngine.shared().image().toString().substring(2);
    var spec = new JobSpec("guest", "", Engine.DOCKER, Bytes32.ZERO, "", List.of("/bin/true"), environment,
        new TreeMap<>());
    Task task = TestEngine.shared().guests(home, 1).task(spec, LIMITS);
    makeFolders(task);
    return new ContainerPlan(Owners.fresh(), "", gpus).apply(TestEngine.shared().client().createContainerCmd(image),
        task,
        new Images.Image(image, List.of()), RunNetwork.NONE);
  }

  private static void makeFolders(Task task) {
    assertThat(ContainerPlan.inputs(task.directory()).toFile().mkdirs()).isTrue();
    ContainerPlan.outputs(task).values().forEach(folder -> assertThat(folder.toFile().mkdirs()).isTrue());
  }
}
