package network.lilypad.node.modules.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.protocol.value.Bytes32;

/// The Docker engine of this machine, asked over its socket what it knows of an image. One question of one kind: the
/// engine's client library lives with the executor.
///
/// @param socket where it listens; there need not be one
record LocalEngine(Path socket) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  /// Far above any image's description.
  private static final int ANSWER_BYTES_MAX = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The digest of the manifest that the engine pulled the image by; the image's id if it was built here. Empty if there
  /// is no engine, or no such image.
  Optional<Bytes32> digest(ImageReference image) {
    if (!Files.exists(socket)) {
      return Optional.empty();
    }
    return answer(image).filter(text -> text.matches("(?s)HTTP/1\\.[01] 200 .*"))
        .flatMap(text -> json(text.substring(text.indexOf("\r\n\r\n") + 4))).flatMap(found -> digest(image, found));
  }

  private static Optional<JsonNode> json(String body) {
    try {
      return Optional.of(JSON.readTree(body));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Bytes32> digest(ImageReference image, JsonNode found) {
    for (var pulled : found.path("RepoDigests")) {
      var digest = pulledAs(image, pulled.asText());
      if (digest.isPresent()) {
        return digest;
      }
    }
    var id = found.path("Id").asText();
    return found.path("RepoDigests").isEmpty() ? Digests.sha256(id) : Optional.empty();
  }

  private static Optional<Bytes32> pulledAs(ImageReference image, String repoDigest) {
    try {
      var pulled = ImageReference.parse(repoDigest);
      return pulled.digest().filter(_ -> pulled.registry().equals(image.registry())
          && pulled.repository().equals(image.repository()));
    } catch (ModuleRefusedException _) {
      return Optional.empty();
    }
  }

  /// The engine's answer as it came; HTTP 1.0, so that it ends with the connection.
  private Optional<String> answer(ImageReference image) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      var reading = new FutureTask<>(() -> exchange(channel, "GET /images/" + image.tagged()
          + "/json HTTP/1.0\r\nHost: docker\r\n\r\n"));
      Thread.ofVirtual().name("docker-image").start(reading);
      return Optional.of(reading.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException | ExecutionException | TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String exchange(SocketChannel channel, String request) throws IOException {
    for (var out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)); out.hasRemaining();) {
      channel.write(out);
    }
    var answer = new ByteArrayOutputStream();
    for (var in = ByteBuffer.allocate(8192); channel.read(in) >= 0 && answer.size() < ANSWER_BYTES_MAX; in.clear()) {
      answer.write(in.array(), 0, in.position());
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
