package network.lilypad.node.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.value.Bytes32;

/// A Kubo node through its RPC API: each file is one pinned raw block, so a tree that is stored here can be fetched by
/// its CID with any IPFS tool. Only blocks up to 2 MiB travel between IPFS nodes; a larger program lies in that one
/// node as a big block. Reference: "Kubo RPC API v0", docs.ipfs.tech.
public final class IpfsDirectory implements FileDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOUNDARY = "lilypad-5f1c9b7e24d84a0f";
  private static final byte[] HEAD = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"data\"; "
      + "filename=\"block\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAIL = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
  private static final int ANSWER_BYTES_MAX = 4096;

  private final URI api;
  private final String token;
  private final PatientHttp http = new PatientHttp();

  /// @param api such as `http://127.0.0.1:5001`
  /// @param token for bearer authorization; empty: none
  public IpfsDirectory(URI api, String token) {
    this.api = api;
    this.token = token;
  }

  @Override public void put(Bytes32 digest, FileBody body) throws IOException {
    var name = name(digest);
    var content = content(body);
    var response = http.send(() -> call(
        "block/put?cid-codec=raw&mhtype=sha2-256&pin=true&allow-big-block=true",
        BodyPublishers.concat(BodyPublishers.ofByteArray(HEAD), content, BodyPublishers.ofByteArray(TAIL)))
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY));
    var key = JSON.readTree(answer(response)).path("Key").asText();
    if (!key.equals(name)) {
      throw new IOException("ipfs: it stored " + key + " (expected: " + name + ")");
    }
  }

  private static BodyPublisher content(FileBody body) throws FileNotFoundException {
    return switch (body) {
      case FileBody.Held(var bytes) -> BodyPublishers.ofByteArray(bytes.toByteArray());
      case FileBody.Spooled(var file) -> BodyPublishers.ofFile(file);
    };
  }

  @Override public Optional<InputStream> open(Bytes32 digest) throws IOException {
    var response = http.send(() -> call("block/get?offline=true&arg=" + name(digest), BodyPublishers.noBody()));
    if (response.statusCode() == 200) {
      return Optional.of(response.body());
    }
    var refusal = PatientHttp.refusal(response);
    if (absent(refusal)) {
      return Optional.empty();
    }
    throw refusal;
  }

  /// Errors have no codes there, only sentences.
  private static boolean absent(IOException refusal) {
    var said = String.valueOf(refusal.getMessage());
    return said.contains("could not find") || said.contains("not found locally");
  }

  @Override public void delete(Bytes32 digest) throws IOException {
    var name = name(digest);
    var unpinned = http.send(() -> call("pin/rm?arg=" + name, BodyPublishers.noBody()));
    if (unpinned.statusCode() == 200) {
      unpinned.body().close();
    } else {
      var refusal = PatientHttp.refusal(unpinned);
      if (!String.valueOf(refusal.getMessage()).contains("not pinned")) {
        throw refusal;
      }
    }
    var said = new String(
        answer(http.send(() -> call("block/rm?force=true&arg=" + name, BodyPublishers.noBody()))),
        StandardCharsets.UTF_8);
    if (said.contains("\"Error\":\"") && !said.contains("could not find")) {
      throw new IOException("ipfs: block/rm " + name + ": " + said.strip());
    }
  }

  @Override public boolean shared() {
    return true;
  }

  private HttpRequest.Builder call(String path, BodyPublisher body) {
    var request = HttpRequest.newBuilder(URI.create(api + "/api/v0/" + path)).POST(body);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static byte[] answer(HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() != 200) {
      throw PatientHttp.refusal(response);
    }
    try (var body = response.body()) {
      return body.readNBytes(ANSWER_BYTES_MAX);
    }
  }

  private static String name(Bytes32 digest) {
    return new Cid(Cid.Codec.RAW, digest).toString();
  }

  @Override public void close() {
    http.close();
  }
}
