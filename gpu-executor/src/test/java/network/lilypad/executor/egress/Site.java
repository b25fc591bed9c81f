package network.lilypad.executor.egress;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web site on this machine's loopback. Answers a request with its method, path, headers of interest and body.
public final class Site implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /// Opens one at a free port.
  public Site() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      try (exchange) {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + headers.getFirst("Host") + " "
            + headers.getFirst("X-Secret") + " " + headers.getFirst("Proxy-Authorization"));
        int repeats = exchange.getRequestURI().getPath().equals("/much") ? 1 << 20 : 1;
        var answer = ("hello " + body + "\n").repeat(repeats).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    });
    server.start();
  }

  /// Its port.
  public int port() {
    return server.getAddress().getPort();
  }

  /// Requests so far: method, path, `Host`, `X-Secret`, `Proxy-Authorization`.
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override public void close() {
    server.stop(0);
    threads.close();
  }
}
