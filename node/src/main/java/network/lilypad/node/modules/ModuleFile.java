package network.lilypad.node.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.Task;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Sha256;

/// A rendered module file, read by Go's rules: unknown fields are ignored, `null` is absent, text behind the end is an
/// error. What is ignored, and what its author may not have meant, is in the warnings.
///
/// @param description its author's words, empty if there are none
/// @param launch the program and how it is started
/// @param outputs declared outputs, name to guest path
/// @param needs what it takes
/// @param requiredFiles names of the files that must be in `/inputs`
/// @param warnings what its author should know, each beginning with a field
public record ModuleFile(String description, Launch launch, SortedMap<String, String> outputs, Needs needs,
    List<String> requiredFiles, List<String> warnings) {
  /// Modules without a time limit get ten minutes.
  public static final int RUN_SECONDS_DEFAULT = 600;
  /// A week: longer work is several jobs.
  public static final int RUN_SECONDS_MAX = 7 * 24 * 3600;

  /// What the parts of a job are called in a module file.
  private static final Map<String, String> FIELDS = Map.of("hosts", "field job.Spec.Network.Domains", "arguments",
      "field Parameters", "environment", "field EnvironmentVariables", "entrypoint", "field Entrypoint",
      "workingDirectory", "field WorkingDirectory", "outputs", "field job.Spec.Outputs", "output name",
      "field job.Spec.Outputs, Name", "output path", "field job.Spec.Outputs, Path", "invocation bytes",
      "fields Entrypoint, Parameters and EnvironmentVariables, bytes");

  /// What a run takes.
  ///
  /// @param resources demand of one machine
  /// @param runSeconds the longest run
  /// @param network what it may reach
  /// @param hosts the hosts it may reach with [NetworkPolicy#HTTP]
  /// @param shmMib size of `/dev/shm`, 0: the engine's default
  /// @param gpuModel canonical name of the model that `resources` ask for, empty: any
  public record Needs(Resources resources, int runSeconds, NetworkPolicy network, List<String> hosts, int shmMib,
      String gpuModel) {}

  /// @throws ModuleRefusedException naming the line or the field
  public static ModuleFile read(String json) {
    var root = parse(json);
    root.skip("author", "image", "model");
    var job = root.object("job");
    var spec = job.object("Spec");
    if (!spec.present()) {
      throw ModuleRefusedException.malformed("module field job.Spec", "missing", "an object");
    }
    job.text("APIVersion").filter(version -> !version.equals("V1beta1"))
        .ifPresent(version -> root.reading().warn("job.APIVersion", version + " is read as V1beta1"));
    var files = root.object("inputFiles");
    files.skip("optional");
    var machine = root.object("machine");
    var demand = Demand.of(machine, spec.object("Resources"));
    var needs = new Needs(demand.resources(), runSeconds(root, spec), network(spec), hosts(spec), shm(machine),
        demand.gpuModel());
    var file = new ModuleFile(root.text("description").orElse(""), Launch.of(spec), outputs(spec), needs,
        files.texts("required"), root.reading().warnings(root.node()));
    file.spec("module", "", Bytes32.ZERO, "");
    return file;
  }

  private static Fields parse(String json) {
    try {
      var node = Json.parse(json);
      if (!node.isObject()) {
        throw ModuleRefusedException.malformed("rendered module", node.getNodeType().name(), "a JSON object");
      }
      return new Fields("", node, new Reading());
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      int line = at == null ? 1 : at.getLineNr();
      var shown = json.lines().skip(line - 1L).findFirst().orElse("").strip();
      throw new ModuleRefusedException(new Rejection.BadContent("rendered module line " + line,
          e.getOriginalMessage() + " in: " + (shown.length() <= 120 ? shown : shown.substring(0, 120) + "...")));
    }
  }

  private static SortedMap<String, String> outputs(Fields spec) {
    var outputs = new TreeMap<String, String>();
    for (var output : spec.objects("Outputs")) {
      output.skip("StorageSource");
      var name = output.text("Name").orElse("outputs");
      if (outputs.put(name, output.text("Path").orElse("/" + name)) != null) {
        throw ModuleRefusedException.malformed("module field " + spec.at("Outputs"), name, "each name once");
      }
    }
    return outputs;
  }

  private static int runSeconds(Fields root, Fields spec) {
    long job = spec.number("Timeout");
    long module = root.number("executionTimeoutSeconds");
    long seconds = Math.max(job, module);
    if (seconds > RUN_SECONDS_MAX) {
      throw new ModuleRefusedException(new Rejection.TooLarge("module timeout seconds (" + (job > module
          ? spec.at("Timeout")
          : "executionTimeoutSeconds") + ")", seconds, RUN_SECONDS_MAX));
    }
    if (job != module && job != 0 && module != 0) {
      root.reading().warn("executionTimeoutSeconds", module + " differs from job.Spec.Timeout, which is " + job
          + "; the larger holds: " + seconds);
    }
    return seconds == 0 ? RUN_SECONDS_DEFAULT : (int) seconds;
  }

  private static NetworkPolicy network(Fields spec) {
    var type = spec.object("Network").text("Type").orElse("none");
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "", "none" -> NetworkPolicy.NONE;
      case "http" -> NetworkPolicy.HTTP;
      case "full" -> NetworkPolicy.FULL;
      default -> throw ModuleRefusedException.malformed("module field job.Spec.Network.Type", type,
          "None, HTTP or Full");
    };
  }

  /// A job that may reach no host must say None: HTTP without hosts is a mistake, and all hosts are Full.
  private static List<String> hosts(Fields spec) {
    var hosts = spec.object("Network").texts("Domains").stream().map(host -> host.toLowerCase(Locale.ROOT)).distinct()
        .toList();
    if (network(spec) == NetworkPolicy.HTTP && hosts.isEmpty()) {
      throw ModuleRefusedException.malformed("module field job.Spec.Network.Domains", "empty",
          "the host names that it may reach, or Type Full");
    }
    if (network(spec) != NetworkPolicy.HTTP && !hosts.isEmpty()) {
      spec.reading().warn("job.Spec.Network.Domains", "ignored, only Type HTTP looks at them");
      return List.of();
    }
    return hosts;
  }

  private static int shm(Fields machine) {
    long mib = machine.number("shm");
    if (mib > JobSpec.MAX_SHM_MIB) {
      throw new ModuleRefusedException(new Rejection.TooLarge("MiB of machine.shm", mib, JobSpec.MAX_SHM_MIB));
    }
    return (int) mib;
  }

  /// The job that this file and its module make.
  ///
  /// @throws ModuleRefusedException if a field is above a job's bounds, or there is no such program or image
  PreparedJob prepare(LilypadModule module, ImageDigests images) {
    var image = launch.image();
    var program = image.isPresent() ? ByteString.EMPTY
        : module.contents().read(new ModulePath(launch.program()), Task.PROGRAM_BYTES_MAX);
    var digest = image.map(images::digest).orElseGet(() -> Sha256.hash(program.asReadOnlyByteBuffer()));
    var spec = spec(module.name(), module.source(), digest, image.map(ImageReference::tagged).orElse(""));
    return new PreparedJob(spec, needs.resources(), needs.runSeconds(), needs.network(), program, requiredFiles);
  }

  /// What every machine would refuse is refused here, where it costs nothing.
  private JobSpec spec(String name, String source, Bytes32 digest, String imageName) {
    try {
      var spec = new JobSpec(name, source, launch.engine(), digest, imageName, launch.arguments(), launch.environment(),
          outputs, launch.entrypoint(), launch.workingDirectory(), needs.hosts(), needs.shmMib());
      Task.requireRunnable(spec);
      return spec;
    } catch (InvalidValueException e) {
      throw ModuleRefusedException.malformed("module " + FIELDS.getOrDefault(e.subject(), e.subject()), e.value(),
          e.expectation());
    } catch (IllegalArgumentException e) {
      throw ModuleRefusedException.malformed("module", String.valueOf(e.getMessage()), "a job within its bounds");
    }
  }

  /// Whether it runs in a container.
  public boolean container() {
    return launch.engine() == Engine.DOCKER;
  }
}
