package network.lilypad.node.modules.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Git servers that want a client's time or disk: what they begin well they never end.
class HostileServerTest {
  private static final String BEGINNING = "001e# service=git-upload-pack\n0000";
  private static final String REF = "0".repeat(39) + "1 refs/heads/%08d\n";

  @TempDir
  private Path folder = Path.of("");
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  /// Says something after the beginning of the list of refs, until the client hangs up.
  private interface Manner {
    void speak(OutputStream out, int turn) throws IOException, InterruptedException;
  }

  @BeforeEach void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach void stop() {
    over.countDown();
    server.stop(0);
  }

  private void serve(Manner manner) {
    server.createContext("/", exchange -> answer(exchange, manner));
  }

  private static void answer(HttpExchange exchange, Manner manner) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-advertisement");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      out.write(BEGINNING.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      for (int turn = 0;; turn++) {
        manner.speak(out, turn);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] ref(int turn) {
    var line = REF.formatted(turn);
    return ("%04x".formatted(line.length() + 4) + line).getBytes(StandardCharsets.US_ASCII);
  }

  private void resolve(FetchLimits limits) {
    ModuleLibrary.of(folder.resolve("home"), folder, limits)
        .resolve("http://127.0.0.1:" + server.getAddress().getPort() + "/owner/repo:v1");
  }

  @Test void a_server_that_floods_is_cut_off_at_the_bound() {
    // given
    serve((out, turn) -> out.write(ref(turn)));
    // when, then
    assertThatThrownBy(() -> resolve(new FetchLimits(1 << 20, Duration.ofMinutes(5), Duration.ofSeconds(1))))
        .isInstanceOfSatisfying(ModuleRefusedException.class,
            e -> assertThat(e.why()).isInstanceOfSatisfying(Rejection.TooLarge.class,
                why -> assertThat(why.message()).contains("bytes of repository").contains("1048576")));
  }

  @Test void a_server_that_drips_is_left_when_the_time_is_over() {
    // given
    serve((out, turn) -> {
      out.write(ref(turn));
      out.flush();
      assertThat(over.await(50, TimeUnit.MILLISECONDS)).isFalse();
    });
    // when, then
    assertThatThrownBy(() -> resolve(new FetchLimits(1 << 20, Duration.ofSeconds(2), Duration.ofSeconds(1))))
        .isInstanceOf(ModuleUnavailableException.class).hasMessageContaining("longer than 2 s");
  }

  @Test void a_server_that_falls_silent_is_left_when_the_time_is_over() {
    // given
    serve((out, turn) -> over.await());
    // when, then
    assertThatThrownBy(() -> resolve(new FetchLimits(1 << 20, Duration.ofSeconds(2), Duration.ofSeconds(1))))
        .isInstanceOf(ModuleUnavailableException.class);
  }
}
