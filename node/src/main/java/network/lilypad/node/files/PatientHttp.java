package network.lilypad.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/// HTTP to a store that may be away for a moment: each call is bounded in time and repeated a few times, which is right
/// because everything asked of a store of immutable files may be repeated. Redirects are not followed: a store's
/// address is configured. Thread-safe.
final class PatientHttp implements AutoCloseable {
  private static final int TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  /// Until the answer begins: the largest program has 64 MiB to go out before.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  /// What is read of a refusal, for the log.
  private static final int TOLD_BYTES_MAX = 512;

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(CONNECT_MAX).build();

  /// Sends a request until it is answered with anything but a server's trouble.
  ///
  /// @param request makes it, anew for each try: it may be signed with the time
  /// @throws IOException if no try was answered
  HttpResponse<InputStream> send(Supplier<HttpRequest.Builder> request) throws IOException {
    var pause = FIRST_PAUSE;
    IOException failure = new IOException("not tried");
    for (int attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) {
        sleep(pause);
        pause = pause.multipliedBy(2);
      }
      try {
        var response = client.send(request.get().timeout(ANSWER_MAX).build(),
            HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 429 && (response.statusCode() < 502 || response.statusCode() > 504)) {
          return response;
        }
        failure = refusal(response);
      } catch (IOException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    throw failure;
  }

  /// What a store said instead of doing it. Names the address without its query, and nothing that was sent.
  static IOException refusal(HttpResponse<InputStream> response) {
    return new IOException(response.request().method() + " " + response.uri().getScheme() + "://"
        + response.uri().getAuthority() + response.uri().getPath() + ": status " + response.statusCode() + " "
        + told(response));
  }

  /// The beginning of an answer, which is closed.
  static String told(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      return new String(body.readNBytes(TOLD_BYTES_MAX), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ");
    } catch (IOException _) {
      return "";
    }
  }

  private static void sleep(Duration pause) throws IOException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override public void close() {
    client.shutdownNow();
  }
}
