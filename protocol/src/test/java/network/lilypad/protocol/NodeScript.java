package network.lilypad.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Runs a script of `src/test/npm` on lines of input: libraries that share no code with us say what is right.
public final class NodeScript {
  private static final Path NPM = Path.of(
      Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"), "protocol/src/test/npm");

  private NodeScript() {}

  /// One line of output for each line of input.
  public static List<String> run(String script, List<String> lines) throws IOException, InterruptedException {
    assertThat(NPM.resolve("node_modules/viem"))
        .as("npm packages; to install them run deploy/verify.sh, or: cd protocol/src/test/npm && npm ci")
        .isDirectory();
    var input = Files.write(Files.createTempFile("lilypad", ".txt"), lines);
    try {
      var process = new ProcessBuilder("node", NPM.resolve(script).toString()).redirectInput(input.toFile())
          .redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output.lines().toList();
    } finally {
      Files.delete(input);
    }
  }
}
