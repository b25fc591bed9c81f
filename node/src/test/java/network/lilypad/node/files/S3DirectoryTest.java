package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against S3Proxy, which shares no code with us and checks every signature, and against Amazon's own example of one.
class S3DirectoryTest extends FileDirectoryContract {
  private static S3Server server;

  @BeforeAll static void start() throws Exception {
    server = new S3Server("");
  }

  @AfterAll static void stop() throws IOException {
    server.close();
  }

  private static S3Directory bucket(String name, S3Keys keys, InstantSource clock) {
    return bucket(server.address(), name, keys, clock);
  }

  private static S3Directory bucket(URI address, String name, S3Keys keys, InstantSource clock) {
    return new S3Directory(new S3Directory.Bucket(address, "us-east-1", name, "some/where/"), keys, clock);
  }

  private static InstantSource off(int seconds) {
    return InstantSource.offset(InstantSource.system(), Duration.ofSeconds(seconds));
  }

  @Override FileDirectory open() {
    return bucket(S3Server.BUCKET, S3Server.KEYS, InstantSource.system());
  }

  private static ThrowableAssertAlternative<IOException> assertRefused(FileDirectory files, byte[] bytes) {
    return assertThatIOException()
        .isThrownBy(() -> files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes))));
  }

  private void assertAbsent(byte[] bytes) throws IOException {
    try (var files = open()) {
      assertThat(files.open(digest(bytes))).isEmpty();
    }
  }

  @Test void the_signature_is_the_one_that_amazon_documents() {
    // given: the example "GET Object" of the S3 API reference, "Signature Calculations for the Authorization Header"
    var keys = new S3Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "");
    // when
    var headers = new S3Signature(keys, "us-east-1").headers("GET",
        URI.create("https://examplebucket.s3.amazonaws.com/test.txt"),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        new TreeMap<>(Map.of("range", "bytes=0-9")), Instant.parse("2013-05-24T00:00:00Z"));
    // then
    assertThat(headers.get("authorization"))
        .endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test void a_wrong_secret_is_refused_whatever_is_asked_and_not_told() throws IOException {
    // given
    var bytes = bytes(10, 11);
    var kept = bytes(10, 12);
    try (var files = open()) {
      files.put(digest(kept), new FileBody.Held(ByteString.copyFrom(kept)));
    }
    try (var stranger = bucket(S3Server.BUCKET, new S3Keys(S3Server.KEYS.access(), "not-the-secret", ""),
        InstantSource.system())) {
      // when, then
      assertRefused(stranger, bytes).withMessageContaining("status 403").withMessageContaining("SignatureDoesNotMatch")
          .withMessageNotContaining("not-the-secret");
      assertThatIOException().isThrownBy(() -> stranger.open(digest(kept)))
          .withMessageContaining("SignatureDoesNotMatch");
      assertThatIOException().isThrownBy(() -> stranger.delete(digest(kept)))
          .withMessageContaining("SignatureDoesNotMatch");
    }
    assertAbsent(bytes);
    try (var files = open(); var stream = files.open(digest(kept)).orElseThrow()) {
      assertThat(stream.readAllBytes()).isEqualTo(kept);
    }
  }

  @Test void other_bytes_than_were_signed_are_refused_and_not_kept() throws IOException {
    var bytes = bytes(100_000, 13);
    var other = bytes.clone();
    other[50_000] ^= 1;
    try (var files = open()) {
      assertThatIOException()
          .isThrownBy(() -> files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(other))))
          .withMessageContaining("XAmzContentSHA256Mismatch");
    }
    assertAbsent(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1}) void a_clock_that_is_far_off_is_refused_and_one_that_is_a_little_off_is_not(int sign)
      throws IOException {
    var bytes = bytes(10, 14 + sign);
    try (var late = bucket(S3Server.BUCKET, S3Server.KEYS, off(sign * (S3Server.SKEW_SECONDS_MAX + 60)));
        var patient = bucket(S3Server.BUCKET, S3Server.KEYS, off(sign * S3Server.SKEW_SECONDS_MAX / 2))) {
      assertRefused(late, bytes).withMessageContaining("RequestTimeTooSkewed");
      assertAbsent(bytes);
      patient.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
    }
  }

  @Test void the_token_of_a_session_is_signed_too() throws IOException {
    var bytes = bytes(10, 16);
    var keys = new S3Keys(S3Server.KEYS.access(), S3Server.KEYS.secret(), "FwoGZXIvYXdzEJr//a+b=");
    try (var files = bucket(S3Server.BUCKET, keys, InstantSource.system())) {
      files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
      assertThat(files.open(digest(bytes)).orElseThrow().readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test void a_store_may_have_a_path_under_its_host() throws Exception {
    var bytes = bytes(10, 17);
    try (var below = new S3Server("/the/store");
        var files = bucket(below.address(), S3Server.BUCKET, S3Server.KEYS, InstantSource.system())) {
      files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
      assertThat(files.open(digest(bytes)).orElseThrow().readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test void a_missing_bucket_is_no_empty_one() {
    var bytes = bytes(10, 18);
    try (var nowhere = bucket("nowhere", S3Server.KEYS, InstantSource.system())) {
      assertRefused(nowhere, bytes).withMessageContaining("NoSuchBucket");
      assertThatIOException().isThrownBy(() -> nowhere.open(digest(bytes))).withMessageContaining("NoSuchBucket");
      assertThatIOException().isThrownBy(() -> nowhere.delete(digest(bytes))).withMessageContaining("NoSuchBucket");
    }
  }

  @Test void a_404_that_is_not_the_store_s_own_does_not_say_that_something_is_absent() throws IOException {
    var proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext("/", exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(404, -1);
      }
    });
    proxy.start();
    try (var files = bucket(URI.create("http://127.0.0.1:" + proxy.getAddress().getPort()), S3Server.BUCKET,
        S3Server.KEYS, InstantSource.system())) {
      var digest = digest(bytes(10, 19));
      assertThatIOException().isThrownBy(() -> files.open(digest)).withMessageContaining("status 404");
      assertThatIOException().isThrownBy(() -> files.delete(digest)).withMessageContaining("status 404");
    } finally {
      proxy.stop(0);
    }
  }

  @Test void unknown_keys_are_told_without_the_secret() {
    var bytes = bytes(10, 1);
    try (var stranger = bucket(S3Server.BUCKET, new S3Keys("STRANGER", "not-the-secret", ""),
        InstantSource.system())) {
      assertRefused(stranger, bytes).withMessageContaining("status 403").withMessageContaining("InvalidAccessKeyId")
          .withMessageNotContaining("not-the-secret");
    }
    assertThat(new S3Keys("who", "secret", "session").toString()).doesNotContain("secret", "session");
  }
}
