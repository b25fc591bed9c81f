package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.protocol.value.Bytes32;

/// Modules that do as they are told, one for each engine: the guests that the engines' own tests use, and the same
/// verbs.
final class GuestModules {
  /// Their names, which are their folders'.
  static final String DOCKER = "docker-guest";
  static final String WASM = "wasm-guest";

  /// Half a core each, so that four run at once where there are two; a brief one may run for ten seconds, its start
  /// included.
  private static final String TEMPLATE = """
      {"machine": {"cpu": 500, "ram": 64, "disk": 8}, "job": {"Spec": {%s,
       "Outputs": [{"Name": "outputs", "Path": "/outputs"}], "Timeout": {{if .Brief}}10{{else}}120{{end}}}}}""";
  private static final String VERBS = "[{{range $i, $verb := .Verbs}}{{if $i}},{{end}}{{$verb}}{{end}}]";

  private GuestModules() {}

  /// Makes both.
  static void write(Path folder) throws IOException {
    docker(folder.resolve(DOCKER), "lilypad-guests@" + digest(TestEngine.shared().image()));
    var wasm = Files.createDirectory(folder.resolve(WASM));
    Files.writeString(wasm.resolve(LilypadModule.FILE),
        TEMPLATE.formatted("\"Engine\": \"wasm\", \"Wasm\": {\"Parameters\": " + VERBS + "}"));
    try (var probe = TestEngine.class.getResourceAsStream("/programs/probe.wasm")) {
      Files.write(wasm.resolve("module.wasm"), Objects.requireNonNull(probe, "probe.wasm").readAllBytes());
    }
  }

  /// Makes one that runs an image.
  static void docker(Path home, String image) throws IOException {
    Files.createDirectory(home);
    Files.writeString(home.resolve(LilypadModule.FILE),
        TEMPLATE.formatted("\"Engine\": \"docker\", \"Docker\": {\"Image\": \""
            + image + "\", \"Entrypoint\": [\"/guests/probe\"], \"Parameters\": " + VERBS + "}"));
  }

  static String digest(Bytes32 value) {
    return "sha256:" + value.toString().substring(2);
  }

  /// The input that says what to do.
  static String verbs(String... verbs) throws IOException {
    return "Verbs=" + new ObjectMapper().writeValueAsString(List.of(verbs));
  }
}
