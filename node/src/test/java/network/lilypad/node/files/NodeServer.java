package network.lilypad.node.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A server of `src/test/npm`: it prints its port and serves until it is closed.
public final class NodeServer implements AutoCloseable {
  private static final Path NPM = Path.of(
      Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"), "node/src/test/npm");

  private final Process process;
  private final int port;

  private NodeServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  public static NodeServer start(String script, String... arguments) throws IOException {
    assertThat(NPM.resolve("node_modules/blockstore-core"))
        .as("npm packages; to install them run deploy/verify.sh, or: cd node/src/test/npm && npm ci").isDirectory();
    var command = new ArrayList<>(List.of("node", "--no-deprecation", NPM.resolve(script).toString()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var line = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII)).readLine();
    return new NodeServer(process, Integer.parseInt(line));
  }

  public String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override public void close() {
    process.destroy();
  }
}
