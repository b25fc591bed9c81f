package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Committed outputs. `-Dlilypad.golden=write` writes them anew.
final class Golden {
  private Golden() {}

  static void matches(String name, String actual) throws IOException {
    var root = Path.of(System.getProperty("lilypad.root", ".."));
    var file = root.resolve("node/src/test/resources/golden/cli").resolve(name + ".txt");
    if ("write".equals(System.getProperty("lilypad.golden"))) {
      Files.createDirectories(root.resolve("node/src/test/resources/golden/cli"));
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }
}
