package network.lilypad.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import network.lilypad.node.client.GatewayAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that every command has.
final class CommonOptions {
  @Option(names = "--gateway", paramLabel = "HOST:PORT",
      description = "The gateway to talk to (default: $LILYPAD_GATEWAY, else 127.0.0.1:8990).")
  private @Nullable String gateway;

  @Option(names = "--data-dir", paramLabel = "DIR",
      description = "Where keys and data are kept (default: $LILYPAD_HOME, else ~/.lilypad).")
  private @Nullable Path dataDir;

  @Option(names = "--json", description = "One JSON object per line on standard output.")
  private boolean json;

  @Option(names = "--verbose", description = "Show stack traces and log lines.")
  private boolean verbose;

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }

  /// Where to dial.
  ///
  /// @throws IllegalArgumentException if it is no address
  GatewayAddress gateway(Terminal terminal) {
    return GatewayAddress.parse(Optional.ofNullable(gateway)
        .or(() -> Optional.ofNullable(terminal.environment().get("LILYPAD_GATEWAY")))
        .orElse("127.0.0.1:" + GatewayAddress.PORT_DEFAULT));
  }

  /// Whether the data directory was named by an option.
  boolean dataDirNamed() {
    return dataDir != null;
  }

  Path dataDir(Terminal terminal) {
    return Optional.ofNullable(dataDir).or(() -> Optional.ofNullable(terminal.environment().get("LILYPAD_HOME"))
        .map(Path::of)).map(terminal.folder()::resolve)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".lilypad"));
  }
}
