package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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
    sends("/moved", 302, "/file");
    server.start();
  }

  private void sends(String path, int how, String where) {
    sends(server, path, how, where);
  }

  private static void sends(HttpServer from, String path, int how, String where) {
    from.createContext(path, exchange -> {
      exchange.getResponseHeaders().add("Location", where);
      exchange.sendResponseHeaders(how, -1);
      exchange.close();
    });
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

  @Test void a_file_comes_also_from_a_host_and_a_scheme_that_it_moved_to_but_never_from_a_weaker_scheme()
      throws Exception {
    // given
    var before = HttpsURLConnection.getDefaultSSLSocketFactory();
    var tls = selfSigned();
    var secure = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(tls));
    secure.createContext("/file", this::answer);
    sends(secure, "/down", 301, "http://127.0.0.1:" + server.getAddress().getPort() + "/file");
    secure.start();
    var https = "https://localhost:" + secure.getAddress().getPort();
    try {
      HttpsURLConnection.setDefaultSSLSocketFactory(tls.getSocketFactory());
      for (int how : List.of(301, 302, 303, 307, 308)) {
        sends("/up" + how, how, https + "/file");
        // when
        fetch("/up" + how, SIZE);
        // then
        assertThat(directory.resolve("file")).hasBinaryContent(content);
      }
      ranges.clear();
      sends("/updown", 302, https + "/down");
      assertThatThrownBy(() -> fetch("/updown", SIZE)).isInstanceOf(UrlRefusedException.class)
          .hasMessageContaining("/updown, which led to " + https + "/down: moved to http://127.0.0.1:")
          .hasMessageContaining("(expected: https, as before)");
      assertThat(ranges).isEmpty();
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
      secure.stop(0);
    }
  }

  @Test void what_is_wrong_where_an_address_led_is_said_with_both_and_without_what_a_server_put_into_the_second() {
    var here = "http://127.0.0.1:" + server.getAddress().getPort();
    sends("/keyed", 302, "/file?key=secret");
    assertThatThrownBy(() -> fetch("/moved", SIZE - 1))
        .hasMessage(here + "/moved, which led to " + here + "/file: at least 300000 bytes (expected: at most 299999)");
    status = 404;
    assertThatThrownBy(() -> fetch("/keyed", SIZE))
        .hasMessage(here + "/keyed, which led to " + here + "/file?...: status 404 (expected: 200)");
    status = 503;
    assertThatThrownBy(() -> fetch("/moved", SIZE)).isInstanceOf(UrlUnavailableException.class)
        .hasMessageStartingWith(here + "/moved, which led to " + here + "/file: status 503");
    sends("/nowhere", 302, "http://127.0.0.1:1/");
    assertThatThrownBy(() -> fetch("/nowhere", SIZE)).isInstanceOf(UrlRefusedException.class)
        .hasMessage(here + "/nowhere, which led to http://127.0.0.1:1/: Connection refused");
    sends("/nobody", 302, "http://nobody.invalid/");
    assertThatThrownBy(() -> fetch("/nobody", SIZE))
        .hasMessage(here + "/nobody, which led to http://nobody.invalid/: no such host");
  }

  @Test void a_way_without_an_end_or_out_of_the_web_is_not_followed() {
    sends("/circle", 302, "circle");
    assertThatThrownBy(() -> fetch("/circle", SIZE)).isInstanceOf(UrlRefusedException.class)
        .hasMessageContaining("moved more than 10 times");
    for (var where : List.of("file:///etc/passwd", "ftp://127.0.0.1/file", "http:", "http://a b/")) {
      var path = "/out" + where.hashCode();
      sends(path, 302, where);
      assertThatThrownBy(() -> fetch(path, SIZE)).as(where).isInstanceOf(UrlRefusedException.class)
          .hasMessageContaining("moved to " + where);
    }
  }

  /// A key of `localhost`, and trust in it.
  private SSLContext selfSigned() throws Exception {
    var file = directory.resolve("key.p12");
    var made = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
        "-alias", "localhost", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-storetype",
        "PKCS12", "-keystore", file.toString(), "-storepass", "secret").redirectErrorStream(true).start();
    assertThat(made.waitFor()).as(new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isZero();
    var password = "secret".toCharArray();
    var store = KeyStore.getInstance(file.toFile(), password);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, password);
    trusted.setCertificateEntry("localhost", store.getCertificate("localhost"));
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
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
