package network.lilypad.executor.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The proxy at its socket: whom it leads to, what it says, and its bounds.
final class EgressTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration CUT_OFF_MAX = Duration.ofMinutes(2);

  private final Site site = new Site();
  /// A port that nobody can listen at: it is taken.
  private final Socket nobody = new Socket();
  private final EgressRule rule;
  private final Egress egress;
  private int port;
  private EgressProxy proxy;
  private HttpClient client;

  EgressTest() throws IOException {
    nobody.bind(new InetSocketAddress(HERE, 0));
    rule = new EgressRule(Set.of(site.port(), nobody.getLocalPort()), address -> address.equals(HERE),
        host -> switch (host) {
          case "site.test", "other.test" -> List.of(HERE);
          case "inside.test" -> List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("169.254.169.254"));
          default -> throw new UnknownHostException(host);
        });
    egress = Egress.of(rule);
  }

  @BeforeEach void open() throws IOException {
    var socket = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
    port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
    proxy = egress.open(socket, Set.of("site.test", "inside.test", "nowhere.test"));
    client = HttpClient.newBuilder().proxy(ProxySelector.of(new InetSocketAddress(HERE, port))).build();
  }

  @AfterEach void close() throws IOException {
    client.close();
    egress.close();
    site.close();
    nobody.close();
  }

  @Test void a_host_on_the_list_is_reached_and_hears_nothing_that_was_for_the_proxy() throws Exception {
    var answer = client.send(request("http://site.test:" + site.port() + "/path?a=b%20c").header("X-Secret", "kept")
        .header("Proxy-Authorization", "Basic x").POST(BodyPublishers.ofString("body".repeat(50_000))).build(),
        BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello " + "body".repeat(50_000) + "\n");
    assertThat(site.asked()).containsExactly("POST /path?a=b%20c site.test:" + site.port() + " kept null");
    assertThat(proxy.notes()).isEmpty();
  }

  @Test void much_is_passed_on_whole() throws Exception {
    var answer = client.send(request("http://site.test:" + site.port() + "/much").build(), BodyHandlers.ofByteArray());
    assertThat(answer.body()).hasSize(7 << 20);
  }

  @Test void a_tunnel_passes_bytes_both_ways_and_each_end_on_its_own() throws Exception {
    try (var socket = connect("CONNECT SITE.test:" + site.port() + " HTTP/1.1\r\n\r\n")) {
      assertThat(line(socket)).isEqualTo("HTTP/1.1 200 Connection established");
      assertThat(line(socket)).isEmpty();
      say(socket, "GET /inside HTTP/1.0\r\nHost: x\r\n\r\n");
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).endsWith("hello \n");
    }
    assertThat(site.asked()).containsExactly("GET /inside x null null");
  }

  @Test void what_is_not_allowed_is_refused_by_name_and_told_once() throws Exception {
    for (int i = 0; i < 3; i++) {
      var other = get("http://other.test:" + site.port() + "/");
      assertThat(other.statusCode()).isEqualTo(403);
      assertThat(other.body())
          .startsWith("lilypad: network: refused other.test:" + site.port() + " (not on the job's list)")
          .contains("inside.test, nowhere.test, site.test at ports [");
    }
    assertThat(get("http://site.test:81/").body()).contains("(only ports [");
    assertThat(get("http://127.0.0.1:" + site.port() + "/").body()).contains("not on the job's list");
    assertThat(get("http://inside.test:" + nobody.getLocalPort() + "/").body()).contains("leads to no public address");
    assertThat(get("http://nowhere.test:" + nobody.getLocalPort() + "/").statusCode()).isEqualTo(502);
    assertThat(get("http://site.test:" + nobody.getLocalPort() + "/").body()).contains("it does not answer");
    assertThat(answer("CONNECT other.test:443 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 Forbidden");
    assertThat(site.asked()).isEmpty();
    assertThat(proxy.notes().lines()).isSorted().hasSize(7)
        .contains("lilypad: network: refused other.test:443 (not on the job's list)");
  }

  @Test void what_is_no_request_to_a_proxy_is_refused() throws Exception {
    for (var request : List.of("GET / HTTP/1.1\r\n\r\n", "CONNECT site.test HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n",
        "CONNECT site.test:99999 HTTP/1.1\r\n\r\n", "GET ftp://site.test/ HTTP/1.1\r\n\r\n",
        "GET http://a@site.test/ HTTP/1.1\r\n\r\n", "GET http://site.test/" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n",
        "GET http://site.test/ HTTP/1.1\r\nA: " + "x".repeat(17_000) + "\r\n\r\n",
        "GET http://site.test/ HTTP/1.1\r\n" + "Small: header\r\n".repeat(2000) + "\r\n")) {
      assertThat(answer(request)).startsWith("HTTP/1.1 400 Bad Request");
    }
    assertThat(site.asked()).isEmpty();
  }

  @Test void a_second_request_on_the_same_connection_reaches_nobody() throws Exception {
    var one = "GET http://site.test:" + site.port() + "/one HTTP/1.1\r\nHost: a\r\n\r\n";
    answer(one + "GET http://other.test:" + site.port() + "/two HTTP/1.1\r\nHost: a\r\n\r\n");
    answer("CONNECT site.test:" + site.port() + " HTTP/1.1\r\n\r\nGET /three HTTP/1.1\r\n\r\n");
    assertThat(site.asked()).allMatch(asked -> asked.startsWith("GET /one "));
  }

  @Test void lists_of_neighbours_are_their_own() throws Exception {
    var socket = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
    try (var neighbour = egress.open(socket, Set.of("other.test"))) {
      port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      assertThat(answer("GET http://other.test:" + site.port() + "/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
      assertThat(answer("GET http://site.test:" + site.port() + "/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403");
      assertThat(neighbour.notes()).contains("site.test");
    }
    assertThat(proxy.notes()).isEmpty();
  }

  @Test void connections_above_the_bound_are_turned_away_and_all_end_with_the_proxy() throws Exception {
    var crowd = new ArrayList<Socket>();
    try {
      for (int i = 0; i < Passage.CONNECTIONS_MAX; i++) {
        crowd.add(connect("CONNECT site.test:" + site.port() + " HTTP/1.1\r\n\r\n"));
        assertThat(line(crowd.getLast())).contains("200");
      }
      assertThat(answer("CONNECT site.test:" + site.port() + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
      proxy.close();
      for (var socket : crowd) {
        socket.getInputStream().readAllBytes();
      }
    } finally {
      for (var socket : crowd) {
        socket.close();
      }
    }
  }

  @Test void notes_are_bounded() throws Exception {
    for (int i = 0; i < Journal.LINES_MAX + 5; i++) {
      answer("CONNECT host" + i + ".test:443 HTTP/1.1\r\n\r\n");
    }
    assertThat(proxy.notes().lines()).hasSize(Journal.LINES_MAX + 1).last().asString().contains("more than 32");
  }

  @Test void a_name_that_is_slow_holds_nobody_else_up() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    try (var slow = Egress.of(new EgressRule(Set.of(site.port()), _ -> true, host -> {
      if (host.equals("slow.test")) {
        asked.countDown();
        await(answer);
      }
      return List.of(HERE);
    }), new Patience(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5)))) {
      var socket = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
      slow.open(socket, Set.of("slow.test", "site.test"));
      port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      try (var waiting = connect("GET http://slow.test:" + site.port() + "/slow HTTP/1.1\r\n\r\n")) {
        asked.await();
        assertThat(answer("GET http://site.test:" + site.port() + "/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
        answer.countDown();
        assertThat(line(waiting)).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test void a_request_that_does_not_end_in_time_ends_the_connection_however_often_a_byte_comes() throws Exception {
    try (var _ = impatient(Duration.ofSeconds(5), Duration.ofMinutes(10));
        var silent = connect("");
        var slow = connect("GET http://site.test:" + site.port() + "/ HTTP/1.1\r\nHeader: ")) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(cutOff(slow)).isTrue();
    }
    assertThat(site.asked()).isEmpty();
  }

  @Test void whoever_goes_on_after_a_refusal_is_cut_off() throws Exception {
    try (var _ = impatient(Duration.ofSeconds(5), Duration.ofMinutes(10)); var socket = connect("nonsense\r\n\r\n")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 400");
      assertThat(cutOff(socket)).isTrue();
    }
  }

  @Test void a_connection_on_which_nothing_moves_is_closed_and_one_that_moves_outlives_the_time_for_requests()
      throws Exception {
    var request = Duration.ofSeconds(5);
    long begun = System.nanoTime();
    try (var _ = impatient(request, request.plusSeconds(3));
        var tunnel = connect("CONNECT site.test:" + site.port() + " HTTP/1.1\r\n\r\n")) {
      assertThat(line(tunnel)).isEqualTo("HTTP/1.1 200 Connection established");
      assertThat(line(tunnel)).isEmpty();
      assertThat(tunnel.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(request);
    }
  }

  private Egress impatient(Duration request, Duration idle) throws IOException {
    var other = Egress.of(rule, new Patience(request, idle, Patience.STANDARD.lookup()));
    var socket = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
    port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
    other.open(socket, Set.of("site.test"));
    return other;
  }

  /// Says a byte again and again until nobody takes it any more.
  private static boolean cutOff(Socket socket) throws SocketException {
    socket.setSoTimeout(20);
    long end = System.nanoTime() + CUT_OFF_MAX.toNanos();
    while (System.nanoTime() < end) {
      try {
        say(socket, "x");
        int _ = socket.getInputStream().read();
      } catch (SocketTimeoutException _) {
        // it still listens
      } catch (IOException _) {
        return true;
      }
    }
    return false;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest.Builder request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofMinutes(2)).version(HttpClient.Version.HTTP_1_1);
  }

  private HttpResponse<String> get(String uri) throws IOException, InterruptedException {
    return client.send(request(uri).build(), BodyHandlers.ofString());
  }

  private Socket connect(String request) throws IOException {
    var socket = new Socket(HERE, port);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setSoTimeout(120_000);
    say(socket, request);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String answer(String request) throws IOException {
    try (var socket = connect(request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String line(Socket socket) throws IOException {
    var text = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; c = socket.getInputStream().read()) {
      text.append((char) c);
    }
    return text.toString().strip();
  }
}
