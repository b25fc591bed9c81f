package network.lilypad.node.cli;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.config.NodeConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The configuration of a command that runs something here: its options, then the environment, system properties, the
/// file and the defaults.
final class Configuration {
  @Option(names = "--config", paramLabel = "FILE",
      description = "A configuration file (default: lilypad.conf in the data directory).")
  private @Nullable Path file;

  /// Where it is read from; only a named file must be there.
  Path file(Path dataDir, Terminal terminal) {
    return file == null ? dataDir.resolve("lilypad.conf") : terminal.folder().resolve(file);
  }

  /// Reads it.
  ///
  /// @param options keys that other options set
  /// @throws network.lilypad.node.config.ConfigRejectedException naming key, place, value and expectation
  NodeConfig read(Path dataDir, Map<String, Object> options, Terminal terminal) {
    var all = new HashMap<>(options);
    all.put("lilypad.data-dir", dataDir.toString());
    var reader = ConfigReader.of(ConfigFactory.parseMap(all, "the command line"), terminal.environment());
    return file == null ? reader.read() : reader.read(file(dataDir, terminal));
  }
}
