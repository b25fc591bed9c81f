package network.lilypad.executor.egress;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a request wants to go.
///
/// @param host in lower case
/// @param port 1 to 65535
/// @param path what is asked of it, with its query; empty for a tunnel
record Destination(String host, int port, String path) {
  /// An IPv6 address is none of these, and is on no list of hosts.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final int HTTP_PORT = 80;

  /// What the request line of a request to a proxy says: `CONNECT host:port`, or `http://host/path`. Empty if it says
  /// neither.
  static Optional<Destination> of(HttpRequest request) {
    try {
      return request.method().equals(HttpMethod.CONNECT) ? tunnel(request.uri()) : plain(new URI(request.uri()));
    } catch (URISyntaxException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Destination> tunnel(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? Optional.empty()
        : checked(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)), "");
  }

  private static Optional<Destination> plain(URI uri) {
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawUserInfo() != null) {
      return Optional.empty();
    }
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return checked(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
        uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  private static Optional<Destination> checked(String host, int port, String path) {
    return HOST.matcher(host).matches() && port > 0 && port <= 0xffff
        ? Optional.of(new Destination(host.toLowerCase(Locale.ROOT), port, path))
        : Optional.empty();
  }

  /// As the `Host` header says it.
  String authority() {
    return port == HTTP_PORT && !path.isEmpty() ? host : host + ":" + port;
  }

  @Override public String toString() {
    return host + ":" + port;
  }
}
