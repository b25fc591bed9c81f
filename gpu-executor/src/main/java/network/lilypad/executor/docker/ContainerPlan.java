package network.lilypad.executor.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Task;
import network.lilypad.executor.gpu.GpuFiles.Handover;
import network.lilypad.protocol.value.DealId;

/// How a task becomes a container: every limit and every wall, in one place. Pure.
///
/// @param owner whose it is
/// @param user `uid:gid` that it runs as; empty: the image's own
/// @param gpus how its GPUs get into it
record ContainerPlan(String owner, String user, Handover gpus) {
  /// Says whose a container is.
  static final String OWNER = "network.lilypad.owner";
  /// Says which deal it runs.
  static final String DEAL = "network.lilypad.deal";
  /// Says what a container is for that runs no job.
  static final String ROLE = "network.lilypad.role";
  /// The host name of every job.
  static final String HOST = "lilypad";
  /// Where the outputs of a job that declares none are.
  static final String OUTPUTS = "/outputs";
  /// Processes and threads: what frameworks start on the largest machines, and far below what a kernel can bear.
  static final long PIDS_MAX = 4096;

  /// Open files of one process: more than programs have, few enough to be looked at while it runs.
  static final long OPEN_FILES_MAX = 8192;

  private static final long MIB = 1L << 20;
  /// The engine's own copy of the output, for an agent that was away. Streams are bounded at 16 MiB each; a line costs
  /// the engine some thirty bytes besides, so that even a stream of empty lines fits.
  private static final Map<String, String> LOG = Map.of("max-size", "1g", "max-file", "1", "compress", "false");

  /// The name of a deal's container: an engine has each name once.
  static String name(String owner, DealId deal) {
    return "lilypad-" + owner.substring(0, Math.min(owner.length(), 12)) + "-" + deal.toString().substring(2);
  }

  static Map<String, String> labels(String owner, DealId deal) {
    return Map.of(OWNER, owner, DEAL, deal.toString());
  }

  /// Output folders of a task: guest's path to the folder on this machine.
  static SortedMap<String, Path> outputs(Task task) {
    var folders = new TreeMap<String, Path>();
    var root = task.directory().outputs();
    var declared = task.spec().outputs();
    if (declared.isEmpty()) {
      folders.put(OUTPUTS, root);
    } else {
      declared.forEach((name, path) -> folders.put(path, declared.size() == 1 ? root : root.resolve(name)));
    }
    return folders;
  }

  CreateContainerCmd apply(CreateContainerCmd create, Task task, Images.Image image, RunNetwork network) {
    var spec = task.spec();
    var variables = new TreeMap<>(network.environment());
    variables.putAll(spec.environment());
    variables.keySet().removeAll(GpuVariables.NAMES);
    var environment = Stream.concat(variables.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()),
        GpuVariables.of(gpus.requested()).stream()).toList();
    create.withLabels(labels(owner, task.deal())).withHostConfig(host(task, image).withNetworkMode(network.mode()))
        .withEnv(environment)
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE"))).withAttachStdout(true).withAttachStderr(true);
    if (!network.isJoined()) {
      create.withHostName(HOST);
    }
    if (!spec.arguments().isEmpty()) {
      create.withCmd(spec.arguments());
    }
    if (!spec.entrypoint().isEmpty()) {
      create.withEntrypoint(spec.entrypoint());
    }
    if (!spec.workingDirectory().isEmpty()) {
      create.withWorkingDir(spec.workingDirectory());
    }
    return user.isEmpty() ? create : create.withUser(user);
  }

  private HostConfig host(Task task, Images.Image image) {
    var resources = task.grant().resources();
    long memory = resources.ramMib() * MIB;
    var host = HostConfig.newHostConfig().withMemory(memory).withMemorySwap(memory)
        .withNanoCPUs(resources.milliCpu() * 1_000_000L).withPidsLimit(PIDS_MAX)
        .withUlimits(
            List.of(new Ulimit("core", 0L, 0L), new Ulimit("nofile", OPEN_FILES_MAX, OPEN_FILES_MAX)))
        .withReadonlyRootfs(true).withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges:true")).withPrivileged(false).withIpcMode("private")
        .withCgroupnsMode("private").withAutoRemove(false)
        .withLogConfig(new LogConfig(LogConfig.LoggingType.LOCAL, LOG)).withMounts(mounts(task))
        .withTmpFs(temporary(task, image));
    if (task.spec().shmMib() > 0) {
      host.withShmSize(Math.min(task.spec().shmMib(), resources.ramMib()) * MIB);
    }
    return withGpus(host);
  }

  /// A program may read and write the files of its GPUs, and make no other device.
  private HostConfig withGpus(HostConfig host) {
    if (!gpus.requested().isEmpty()) {
      host.withDeviceRequests(List.of(new DeviceRequest().withDeviceIds(gpus.requested())
          .withCapabilities(List.of(List.of("gpu")))));
    }
    if (!gpus.files().isEmpty()) {
      host.withDevices(
          gpus.files().stream().map(file -> new Device("rw", file.inside(), file.here().toString())).toList())
          .withGroupAdd(gpus.groups().stream().sorted().map(String::valueOf).toList());
    }
    return host;
  }

  private static List<Mount> mounts(Task task) {
    var mounts = new ArrayList<Mount>();
    mounts.add(bind(inputs(task.directory()), Task.INPUTS).withReadOnly(true));
    outputs(task).forEach((path, folder) -> mounts.add(bind(folder, path)));
    return mounts;
  }

  /// The inputs, or an empty folder in their place.
  static Path inputs(RunDirectory directory) {
    return directory.inputs().toFile().isDirectory() ? directory.inputs() : directory.scratch().resolve("inputs");
  }

  private static Mount bind(Path folder, String path) {
    return new Mount().withType(MountType.BIND).withSource(folder.toAbsolutePath().toString()).withTarget(path);
  }

  /// Temporary files are memory, and counted as such: at most half of it. An image's volumes would be disk without a
  /// limit; they are temporary too.
  private static Map<String, String> temporary(Task task, Images.Image image) {
    var mounted = outputs(task).keySet();
    var options = "rw,exec,nosuid,nodev,mode=1777,size=" + Math.max(1, task.grant().resources().ramMib() / 2) + "m";
    var temporary = new HashMap<String, String>();
    image.volumes().forEach(path -> temporary.put(path, options));
    temporary.put("/tmp", options);
    temporary.keySet().removeIf(path -> mounted.contains(path) || path.equals(Task.INPUTS));
    return temporary;
  }
}
