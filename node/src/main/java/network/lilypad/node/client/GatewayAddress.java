package network.lilypad.node.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Where a gateway listens.
///
/// @param host its name or address
/// @param port 1 to 65535
/// @param tls whether the channel is encrypted: always off this machine, unless the address says `http://`
public record GatewayAddress(String host, int port, boolean tls) {
  /// The port of every address without one.
  public static final int PORT_DEFAULT = 8990;
  /// A block of 2 MiB and its frame; gRPC's own bound is 4 MiB.
  static final int MESSAGE_BYTES_MAX = 4 << 20;
  /// What may be on its way to us and not yet taken: a few blocks, so that neither side waits for the other's pauses.
  private static final int WINDOW_BYTES = 4 << 20;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  /// Reads `host`, `host:port`, `http://host:port` or `https://host:port`.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static GatewayAddress parse(String text) {
    try {
      boolean schemeGiven = text.contains("://");
      var uri = new URI(schemeGiven ? text : "any://" + text);
      var host = uri.getHost();
      if (host == null || !uri.getPath().replace("/", "").isEmpty()) {
        throw malformed(text);
      }
      int port = uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort();
      return switch (uri.getScheme()) {
        case "http" -> new GatewayAddress(host, port, false);
        case "https" -> new GatewayAddress(host, port, true);
        case "any" -> new GatewayAddress(host, port, !LOOPBACK.contains(host));
        default -> throw malformed(text);
      };
    } catch (URISyntaxException _) {
      throw malformed(text);
    }
  }

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if the port is none
  public GatewayAddress {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("gateway port: " + port + " (expected: 1 to 65535)");
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("gateway: " + text + " (expected: host:port, or a URL with http or https)");
  }

  /// A channel to it; connects with the first call, and again when the connection is lost. To be shut down by the
  /// caller.
  public ManagedChannel open() {
    var unresolved = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    var builder = NettyChannelBuilder.forAddress(new InetSocketAddress(unresolved, port))
        .maxInboundMessageSize(MESSAGE_BYTES_MAX).flowControlWindow(WINDOW_BYTES).keepAliveTime(30, TimeUnit.SECONDS);
    return (tls ? builder.useTransportSecurity() : builder.usePlaintext()).build();
  }

  @Override public String toString() {
    return (tls ? "https://" : "http://") + host + ":" + port;
  }
}
