package network.lilypad.node.modules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.protocol.value.Engine;

/// What a module file says about the program and how it is started.
///
/// @param engine what runs it
/// @param program a container image's name, or the path of a WebAssembly module in the module's files
/// @param entrypoint a container's program, empty: the image's own
/// @param arguments the command line behind it
/// @param environment variables
/// @param workingDirectory where a container starts, empty: the image's own
public record Launch(Engine engine, String program, List<String> entrypoint, List<String> arguments,
    SortedMap<String, String> environment, String workingDirectory) {
  /// What bundled modules and the scaffolder call it.
  static final String WASM_FILE = "module.wasm";
  private static final String START = "_start";

  static Launch of(Fields spec) {
    var engineSpec = spec.object("EngineSpec");
    var named = engineSpec.text("Type").filter(type -> !type.isBlank()).or(() -> spec.text("Engine"))
        .filter(type -> !type.isBlank());
    var type = named.orElseThrow(() -> ModuleRefusedException.malformed("module field job.Spec.Engine", "missing",
        "docker or wasm"));
    spec.skip("Engine");
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "docker" -> container(params(engineSpec, spec, "Docker"));
      case "wasm" -> wasm(params(engineSpec, spec, "Wasm"));
      default -> throw ModuleRefusedException.malformed("module field "
          + (engineSpec.present() ? "job.Spec.EngineSpec.Type" : "job.Spec.Engine"), type, "docker or wasm");
    };
  }

  private static Fields params(Fields engineSpec, Fields spec, String name) {
    return engineSpec.present() ? engineSpec.object("Params") : spec.object(name);
  }

  private static Launch container(Fields params) {
    var image = params.text("Image").filter(name -> !name.isBlank()).orElseThrow(
        () -> ModuleRefusedException.malformed("module field " + params.at("Image"), "missing", "a container image"));
    var directory = params.text("WorkingDirectory").orElse("");
    if (!directory.isEmpty() && !directory.startsWith("/")) {
      throw ModuleRefusedException.malformed("module field " + params.at("WorkingDirectory"), directory,
          "an absolute path");
    }
    return new Launch(Engine.DOCKER, image.strip(), params.texts("Entrypoint"), params.texts("Parameters"),
        environment(params), directory);
  }

  private static Launch wasm(Fields params) {
    params.text("EntryPoint").filter(entry -> !entry.isBlank() && !entry.equals(START)).ifPresent(entry -> {
      throw ModuleRefusedException.malformed("module field " + params.at("EntryPoint"), entry, START);
    });
    var file = params.text("EntryModule").filter(path -> !path.isBlank()).orElse(WASM_FILE);
    return new Launch(Engine.WASM, file, List.of(), params.texts("Parameters"), environment(params), "");
  }

  private static SortedMap<String, String> environment(Fields params) {
    var environment = new TreeMap<String, String>();
    for (var variable : params.texts("EnvironmentVariables")) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw ModuleRefusedException.malformed("module field " + params.at("EnvironmentVariables"), variable,
            "NAME=value");
      }
      var name = variable.substring(0, equals);
      if (environment.put(name, variable.substring(equals + 1)) != null) {
        params.reading().warn(params.at("EnvironmentVariables"), name + " is there more than once; the last holds");
      }
    }
    return environment;
  }

  /// The command line as a person would read it.
  public List<String> commandLine() {
    var line = new ArrayList<>(entrypoint);
    line.addAll(arguments);
    return line;
  }

  /// The image's reference, where there is one.
  ///
  /// @throws ModuleRefusedException if it is no image's name
  public Optional<ImageReference> image() {
    return engine == Engine.DOCKER ? Optional.of(ImageReference.parse(program)) : Optional.empty();
  }
}
