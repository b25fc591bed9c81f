package network.lilypad.node.modules;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// A rendered module file, read by Go's rules: unknown fields are ignored, `null` is absent, text behind the end is an
/// error.
///
/// @param arguments the command line without the program
/// @param environment variables
/// @param outputs declared outputs, name to guest path
/// @param resources demand of one machine
/// @param runSeconds the longest run
/// @param network what it may reach
record ModuleFile(List<String> arguments, SortedMap<String, String> environment, SortedMap<String, String> outputs,
    Resources resources, int runSeconds, NetworkPolicy network) {
  /// Modules without a time limit get ten minutes.
  static final int RUN_SECONDS_DEFAULT = 600;
  /// A week: longer work is several jobs.
  static final int RUN_SECONDS_MAX = 7 * 24 * 3600;

  /// @throws ModuleRefusedException naming the field
  static ModuleFile read(String json) {
    var root = parse(json);
    var spec = root.object("job").object("Spec");
    if (!spec.present()) {
      throw ModuleRefusedException.malformed("module field job.Spec", "missing", "an object");
    }
    var params = wasmParams(spec);
    return new ModuleFile(params.texts("Parameters"), environment(params), outputs(spec),
        Demand.of(root.object("machine"), spec.object("Resources")), runSeconds(spec), network(spec));
  }

  private static Fields parse(String json) {
    try {
      return new Fields("", Json.parse(json));
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new ModuleRefusedException(new Rejection.BadContent(
          "rendered module line " + (at == null ? 0 : at.getLineNr()), e.getOriginalMessage()));
    }
  }

  private static Fields wasmParams(Fields spec) {
    var engineSpec = spec.object("EngineSpec");
    var type = engineSpec.text("Type").or(() -> spec.text("Engine")).orElse("none").toLowerCase(Locale.ROOT);
    if (!type.equals("wasm")) {
      throw new ModuleRefusedException(
          new Rejection.Mismatch("engine", "the module wants " + type + ", this version runs wasm"));
    }
    return engineSpec.present() ? engineSpec.object("Params") : spec.object("Wasm");
  }

  private static SortedMap<String, String> environment(Fields params) {
    var environment = new TreeMap<String, String>();
    for (var variable : params.texts("EnvironmentVariables")) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw ModuleRefusedException.malformed("module field " + params.at("EnvironmentVariables"), variable,
            "NAME=value");
      }
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return environment;
  }

  private static SortedMap<String, String> outputs(Fields spec) {
    var outputs = new TreeMap<String, String>();
    for (var output : spec.objects("Outputs")) {
      var name = output.text("Name").orElse("outputs");
      if (outputs.put(name, output.text("Path").orElse("/" + name)) != null) {
        throw ModuleRefusedException.malformed("module field " + spec.at("Outputs"), name, "each name once");
      }
    }
    return outputs;
  }

  private static int runSeconds(Fields spec) {
    long seconds = spec.number("Timeout");
    if (seconds > RUN_SECONDS_MAX) {
      throw new ModuleRefusedException(new Rejection.TooLarge("module timeout seconds", seconds, RUN_SECONDS_MAX));
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

  /// The job that this file and its module make.
  PreparedJob prepare(LilypadModule module) {
    try {
      var spec = new JobSpec(module.name(), module.source(), Engine.WASM, digest(module), "", arguments, environment,
          outputs);
      return new PreparedJob(spec, resources, runSeconds, network, module.program());
    } catch (IllegalArgumentException e) {
      throw ModuleRefusedException.malformed("module", String.valueOf(e.getMessage()), "a job within its bounds");
    }
  }

  private static Bytes32 digest(LilypadModule module) {
    try {
      return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(module.program().toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new Defect("JDK: no SHA-256 (expected: every JDK has it): " + e.getMessage());
    }
  }
}
