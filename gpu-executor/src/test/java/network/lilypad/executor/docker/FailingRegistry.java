package network.lilypad.executor.docker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// A registry of one image that fails when it is told to (OCI distribution spec, pull only), on this machine's
/// loopback: for what [DistributionRegistry] cannot be asked to do. Speaks as much HTTP as an engine needs; an attempt
/// at TLS is hung up on at once, so that nobody waits. One that is mute tells of its image and never sends it.
final class FailingRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final int TLS_HELLO = 0x16;

  /// Configurations are smaller, layers larger.
  private static final int LAYER_BYTES_MIN = 100_000;

  /// What comes of an image's content.
  private enum Manner {
    WHOLE, HALF, MUTE
  }

  private final ServerSocket server;
  private final Map<String, byte[]> content = new HashMap<>();
  private final Bytes32 digest;
  private final AtomicInteger failures;
  private final Manner manner;

  /// @param failures how often the manifest is answered with a fault of the server
  FailingRegistry(ShellImage image, int failures) throws IOException {
    this(image, failures, Manner.WHOLE);
  }

  private FailingRegistry(ShellImage image, int failures, Manner manner) throws IOException {
    this.manner = manner;
    this.failures = new AtomicInteger(failures);
    var layer = image.compressed();
    var manifest = """
        {"schemaVersion":2,"mediaType":"%s",\
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"sha256:%s"},\
        "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"sha256:%s"}]}"""
        .formatted(MANIFEST, image.config().length, ShellImage.hex(image.config()), layer.length, ShellImage.hex(layer))
        .getBytes(StandardCharsets.UTF_8);
    this.digest = Sha256.hash(manifest);
    content.put("/v2/guests/manifests/sha256:" + ShellImage.hex(manifest), manifest);
    content.put("/v2/guests/blobs/sha256:" + ShellImage.hex(image.config()), image.config());
    content.put("/v2/guests/blobs/sha256:" + ShellImage.hex(layer), layer);
    content.put("/v2/", "{}".getBytes(StandardCharsets.UTF_8));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /// One that says nothing to whoever asks for an image's content, and does not hang up.
  static FailingRegistry mute(ShellImage image) throws IOException {
    return new FailingRegistry(image, 0, Manner.MUTE);
  }

  /// One that sends half of an image's layer, and does not hang up.
  static FailingRegistry slow(ShellImage image) throws IOException {
    return new FailingRegistry(image, 0, Manner.HALF);
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket; var in = new BufferedInputStream(socket.getInputStream())) {
      in.mark(1);
      if (in.read() == TLS_HELLO) {
        return;
      }
      in.reset();
      var lines = head(in);
      var request = lines.getFirst().split(" ");
      var body = content.get(request[1]);
      if (manner == Manner.MUTE && request[1].contains("/blobs/")) {
        in.transferTo(OutputStream.nullOutputStream());
        return;
      }
      if (request[1].contains("/manifests/") && failures.getAndDecrement() > 0) {
        say(socket, "500 Internal Server Error", "", new byte[0], request[0]);
      } else if (body == null) {
        say(socket, "404 Not Found", "", error("MANIFEST_UNKNOWN"), request[0]);
      } else if (manner == Manner.HALF && body.length > LAYER_BYTES_MIN) {
        half(socket, body);
        in.transferTo(OutputStream.nullOutputStream());
      } else {
        var type = request[1].contains("/manifests/") ? MANIFEST : "application/octet-stream";
        say(socket, "200 OK",
            "Content-Type: " + type + "\r\nDocker-Content-Digest: sha256:" + ShellImage.hex(body) + "\r\n",
            body, request[0]);
      }
    } catch (IOException _) {
      // the engine hung up
    }
  }

  private static void half(Socket socket, byte[] body) throws IOException {
    var out = socket.getOutputStream();
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.write(body, 0, body.length / 2);
    out.flush();
  }

  private static byte[] error(String code) {
    return "{\"errors\":[{\"code\":\"%s\",\"message\":\"manifest unknown\"}]}".formatted(code)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && !bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r"); c = in.read()) {
      bytes.write(c);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).lines().toList();
  }

  private static void say(Socket socket, String status, String headers, byte[] body, String method) throws IOException {
    var out = socket.getOutputStream();
    out.write(
        ("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n" + headers + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    if (!method.equals("HEAD")) {
      out.write(body);
    }
    out.flush();
  }

  /// `host:port`.
  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// The digest of the image's manifest.
  Bytes32 digest() {
    return digest;
  }

  @Override public void close() throws IOException {
    server.close();
  }
}
