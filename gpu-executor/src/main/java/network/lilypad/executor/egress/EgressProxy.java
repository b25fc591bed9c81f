package network.lilypad.executor.egress;

import java.util.Map;

/// The way out of one namespace, until it is closed. Thread-safe.
public interface EgressProxy extends AutoCloseable {
  /// Where it listens, inside.
  int PORT = 3128;
  /// The variables that lead programs to it: there is no standard, but these are what most of them know.
  Map<String, String> ENVIRONMENT = environment();

  /// A way out that is closed.
  EgressProxy NONE = new EgressProxy() {
    @Override public String notes() {
      return "";
    }

    @Override public void close() {}
  };

  private static Map<String, String> environment() {
    var proxy = "http://127.0.0.1:" + PORT;
    var inside = "localhost,127.0.0.1";
    return Map.of("HTTP_PROXY", proxy, "HTTPS_PROXY", proxy, "http_proxy", proxy, "https_proxy", proxy, "NO_PROXY",
        inside,
        "no_proxy", inside);
  }

  /// Lines about what was refused, sorted, each once, at most some dozens; empty if nothing was.
  String notes();

  /// Ends it with all its connections. Nothing happens if it has ended.
  @Override void close();
}
