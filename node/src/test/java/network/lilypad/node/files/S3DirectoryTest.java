package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against s3rver, a server that shares no code with us. It knows who asks but does not check signatures of version 4: that
/// they are right says Amazon's own example.
class S3DirectoryTest extends FileDirectoryContract {
  private static final S3Keys KEYS = new S3Keys("S3RVER", "S3RVER", "");
  private static NodeServer server;

  @BeforeAll static void start(@TempDir Path directory) throws IOException {
    server = NodeServer.start("s3.js", directory.toString());
  }

  @AfterAll static void stop() {
    server.close();
  }

  private static S3Directory bucket(String name, S3Keys keys) {
    return new S3Directory(new S3Directory.Bucket(URI.create(server.address()), "us-east-1", name, "some/where/"), keys,
        InstantSource.system());
  }

  @Override FileDirectory open() {
    return bucket("lilypad", KEYS);
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

  @Test void wrong_keys_and_a_missing_bucket_are_told_without_the_secret() {
    var bytes = bytes(10, 1);
    try (var stranger = bucket("lilypad", new S3Keys("STRANGER", "not-the-secret", ""))) {
      assertThatIOException()
          .isThrownBy(() -> stranger.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes))))
          .withMessageContaining("status 403").withMessageContaining("InvalidAccessKeyId")
          .withMessageNotContaining("not-the-secret");
    }
    try (var nowhere = bucket("nowhere", KEYS)) {
      assertThatIOException()
          .isThrownBy(() -> nowhere.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes))))
          .withMessageContaining("NoSuchBucket");
    }
    assertThat(new S3Keys("who", "secret", "session").toString()).doesNotContain("secret", "session");
  }
}
