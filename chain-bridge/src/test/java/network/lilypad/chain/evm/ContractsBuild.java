package network.lilypad.chain.evm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the scripts of `chain-bridge/contracts`.
final class ContractsBuild {
  private static final Path MODULE = Anvil.root().resolve("chain-bridge");

  private ContractsBuild() {}

  /// What the script printed; fails with it when the script does.
  static String run(String script, String... arguments) {
    var folder = MODULE.resolve("contracts");
    assertThat(folder.resolve("node_modules/solc"))
        .as("npm packages; to install them run deploy/verify.sh, or: cd chain-bridge/contracts && npm ci")
        .isDirectory();
    var command = new ArrayList<>(List.of("node", folder.resolve(script).toString()));
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The JSON files of a folder of this module; none when there is no such folder.
  static List<Path> jsonFiles(String folder) {
    var path = MODULE.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (var files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
