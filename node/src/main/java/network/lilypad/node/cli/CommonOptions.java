package network.lilypad.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import network.lilypad.node.client.GatewayAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that every command has.
class CommonOptions {
  @Option(names = "--data-dir", paramLabel = "DIR",
      description = "Where keys and data are kept (default: $LILYPAD_HOME, else ~/.lilypad).")
  private @Nullable Path dataDir;

  @Option(names = "--json", description = "One JSON object per line on standard output.")
  private boolean json;

  @Option(names = "--verbose", description = "Show stack traces and log lines.")
  private boolean verbose;

  /// Those of a command that talks to a gateway.
  static final class AtGateway extends CommonOptions {
    @Option(names = "--gateway", paramLabel = "HOST:PORT",
        description = "The gateway to talk to (default: $LILYPAD_GATEWAY, else 127.0.0.1:8990).")
    private @Nullable String gateway;

    @Override Optional<String> gatewayNamed() {
      return Optional.ofNullable(gateway);
    }
  }

  /// The gateway that an option names.
  Optional<String> gatewayNamed() {
    return Optional.empty();
  }

  final boolean json() {
    return json;
  }

  final boolean verbose() {
    return verbose;
  }

  /// Where to dial.
  ///
  /// @throws IllegalArgumentException if it is no address
  final GatewayAddress gateway(Terminal terminal) {
    return GatewayAddress.parse(gatewayNamed()
        .or(() -> Optional.ofNullable(terminal.environment().get("LILYPAD_GATEWAY")))
        .orElse("127.0.0.1:" + GatewayAddress.PORT_DEFAULT));
  }

  /// Whether the data directory was named by an option.
  final boolean dataDirNamed() {
    return dataDir != null;
  }

  final Path dataDir(Terminal terminal) {
    return Optional.ofNullable(dataDir).or(() -> Optional.ofNullable(terminal.environment().get("LILYPAD_HOME"))
        .map(Path::of)).map(terminal.folder()::resolve)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".lilypad"));
  }
}
