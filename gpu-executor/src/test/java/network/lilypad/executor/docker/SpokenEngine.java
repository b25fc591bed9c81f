package network.lilypad.executor.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// An engine that only speaks of itself: for what the engine of this machine cannot be made to say.
final class SpokenEngine implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel server;
  private final Map<String, String> answers;

  private SpokenEngine(Path path, ServerSocketChannel server, Map<String, String> answers) {
    this.path = path;
    this.server = server;
    this.answers = answers;
  }

  /// @param answers JSON by the end of the request's path
  static SpokenEngine of(Path path, Map<String, String> answers) throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    var engine = new SpokenEngine(path, server, answers);
    Thread.ofPlatform().daemon().start(engine::serve);
    return engine;
  }

  URI socket() {
    return URI.create("unix://" + path);
  }

  private void serve() {
    while (server.isOpen()) {
      try (var caller = server.accept()) {
        answer(caller);
      } catch (IOException _) {
        // closed, or the caller hung up
      }
    }
  }

  private void answer(SocketChannel caller) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(caller), StandardCharsets.ISO_8859_1));
    var request = String.valueOf(lines.readLine());
    for (var line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      // headers say nothing here
    }
    var body = answers.entrySet().stream().filter(answer -> request.contains(answer.getKey() + " "))
        .map(Map.Entry::getValue)
        .findFirst().orElse("{}");
    caller.write(ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override public void close() throws IOException {
    server.close();
  }
}
