package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UrlFileTest {
  private static final int SIZE = 300_000;

  @TempDir
  Path directory;
  private final byte[] content = new byte[SIZE];
  private final List<String> ranges = new ArrayList<>();
  private HttpServer server;
  private int breaks;
  private int status = 200;
  private String tag = "\"one\"";

  @BeforeEach void serve() throws IOException {
    new Random(1).nextBytes(content);
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/file", this::answer);
    server.createContext("/moved", exchange -> {
      exchange.getResponseHeaders().add("Location", "/file");
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
    });
    server.start();
  }

  @AfterEach void stop() {
    server.stop(0);
  }

  /// Closing a stream that is short of what was announced throws, and the server then breaks the line.
  private void answer(HttpExchange exchange) throws IOException {
    var range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(String.valueOf(range));
    boolean same = tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
    int from = range != null && same ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
    exchange.getResponseHeaders().add("ETag", tag);
    exchange.sendResponseHeaders(status != 200 ? status : from > 0 ? 206 : 200, SIZE - from);
    try (var out = exchange.getResponseBody()) {
      int to = ranges.size() <= breaks ? from + (SIZE - from) / 2 : SIZE;
      out.write(Arrays.copyOfRange(content, from, to));
    }
  }

  private void fetch(String path, long bytesMax) throws IOException {
    new UrlFile(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), bytesMax, Duration.ofMillis(1))
        .into(directory.resolve("file"));
  }

  @Test void a_file_comes_also_from_where_it_moved_to() throws IOException {
    fetch("/moved", SIZE);
    assertThat(directory.resolve("file")).hasBinaryContent(content);
  }

  @Test void a_broken_line_goes_on_in_the_middle() throws IOException {
    breaks = 2;
    fetch("/file", SIZE);
    assertThat(directory.resolve("file")).hasBinaryContent(content);
    assertThat(ranges).hasSize(3).startsWith("null").endsWith("bytes=225000-");
  }

  @Test void a_server_without_strong_versions_begins_anew() throws IOException {
    tag = "W/\"weak\"";
    breaks = 2;
    fetch("/file", SIZE);
    assertThat(directory.resolve("file")).hasBinaryContent(content);
    assertThat(ranges).containsOnly("null");
  }

  @Test void patience_ends() {
    breaks = 100;
    assertThatThrownBy(() -> fetch("/file", SIZE)).isInstanceOf(UrlUnavailableException.class)
        .hasMessageContaining("tried 5 times");
    assertThat(ranges).hasSize(5);
  }

  @Test void who_is_not_there_is_told_from_who_does_not_answer_and_from_a_disk_that_refuses() throws IOException {
    status = 503;
    assertThatThrownBy(() -> fetch("/file", SIZE)).isInstanceOf(UrlUnavailableException.class)
        .hasMessageContaining("status 503");
    var nowhere = new UrlFile(URI.create("http://127.0.0.1:1/"), SIZE, Duration.ofMillis(1));
    assertThatThrownBy(() -> nowhere.into(directory.resolve("file"))).isInstanceOf(UrlRefusedException.class)
        .hasMessage("http://127.0.0.1:1/: Connection refused");
    status = 200;
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file");
    ranges.clear();
    assertThatThrownBy(() -> new UrlFile(url, SIZE, Duration.ofMillis(1)).into(directory.resolve("no/file")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(ranges).hasSize(1);
  }

  @Test void what_is_too_large_or_not_there_is_refused_at_once() {
    assertThatThrownBy(() -> fetch("/file", SIZE - 1)).isInstanceOf(UrlRefusedException.class)
        .hasMessageContaining("at most 299999");
    status = 404;
    assertThatThrownBy(() -> fetch("/file", SIZE)).isInstanceOf(UrlRefusedException.class)
        .hasMessageContaining("status 404");
    assertThat(ranges).hasSize(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UrlFile(URI.create("file:///etc/passwd"), 1, Duration.ZERO));
  }
}
