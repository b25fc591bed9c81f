package network.lilypad.node.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import network.lilypad.protocol.value.Bytes32;

/// A bucket of an S3-compatible store, spoken to with four plain calls in path style, so no vendor's library is needed.
/// An object's name is its sha2-256, which is also what the signature says of its bytes: the store checks them itself.
public final class S3Directory implements FileDirectory {
  private static final String NO_BYTES = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Bucket bucket;
  private final S3Signature signature;
  private final InstantSource clock;
  private final PatientHttp http = new PatientHttp();

  /// Where the objects are.
  ///
  /// @param endpoint such as `https://s3.example.org`, with the path of the store if it has one
  /// @param region such as us-east-1
  /// @param name the bucket's
  /// @param prefix in front of every object's name, such as `lilypad/`; letters, digits, `-`, `_`, `.`, `/`
  public record Bucket(URI endpoint, String region, String name, String prefix) {}

  /// @param clock real time: stores refuse signatures that are some minutes off
  public S3Directory(Bucket bucket, S3Keys keys, InstantSource clock) {
    this.bucket = bucket;
    this.signature = new S3Signature(keys, bucket.region());
    this.clock = clock;
  }

  @Override public void put(Bytes32 digest, FileBody body) throws IOException {
    var publisher = publisher(body);
    var response = http.send(request("PUT", digest, hex(digest), publisher));
    if (response.statusCode() != 200) {
      throw PatientHttp.refusal(response);
    }
    response.body().close();
  }

  /// Made once before anything is sent, so that a file that is not there is told as that.
  private static Supplier<BodyPublisher> publisher(FileBody body) throws FileNotFoundException {
    return switch (body) {
      case FileBody.Held(var bytes) -> () -> BodyPublishers.ofByteArray(bytes.toByteArray());
      case FileBody.Spooled(var file) -> {
        var publisher = BodyPublishers.ofFile(file);
        yield () -> publisher;
      }
    };
  }

  @Override public Optional<InputStream> open(Bytes32 digest) throws IOException {
    var response = http.send(request("GET", digest, NO_BYTES, BodyPublishers::noBody));
    if (response.statusCode() == 200) {
      return Optional.of(response.body());
    }
    checkAbsent(response);
    return Optional.empty();
  }

  @Override public void delete(Bytes32 digest) throws IOException {
    var response = http.send(request("DELETE", digest, NO_BYTES, BodyPublishers::noBody));
    if (response.statusCode() == 204 || response.statusCode() == 200) {
      response.body().close();
      return;
    }
    checkAbsent(response);
  }

  /// Only the store's own word says that an object is not kept: a bucket that is misspelt or away is status 404, too,
  /// and so is a path that some proxy does not know.
  private static void checkAbsent(HttpResponse<InputStream> response) throws IOException {
    var refusal = PatientHttp.refusal(response);
    if (response.statusCode() != 404 || !String.valueOf(refusal.getMessage()).contains("NoSuchKey")) {
      throw refusal;
    }
  }

  @Override public boolean shared() {
    return true;
  }

  private Supplier<HttpRequest.Builder> request(String method, Bytes32 digest, String bodySha256,
      Supplier<BodyPublisher> body) {
    var uri = URI.create(bucket.endpoint() + "/" + bucket.name() + "/" + bucket.prefix() + hex(digest));
    return () -> {
      var request = HttpRequest.newBuilder(uri).method(method, body.get());
      signature.headers(method, uri, bodySha256, new TreeMap<>(), clock.instant()).forEach(request::header);
      return request;
    };
  }

  private static String hex(Bytes32 digest) {
    return HexFormat.of().formatHex(digest.bytes());
  }

  @Override public void close() {
    http.close();
  }
}
