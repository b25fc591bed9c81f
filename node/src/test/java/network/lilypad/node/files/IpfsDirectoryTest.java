package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URI;
import network.lilypad.protocol.content.Cid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Against a double of Kubo's RPC API over JavaScript IPFS's blockstore and CIDs: Kubo itself cannot be had from a
/// registry.
class IpfsDirectoryTest extends FileDirectoryContract {
  private static NodeServer server;

  @BeforeAll static void start() throws IOException {
    server = NodeServer.start("kubo.js", "token");
  }

  @AfterAll static void stop() {
    server.close();
  }

  @Override FileDirectory open() {
    return new IpfsDirectory(URI.create(server.address()), "token");
  }

  @Test void what_was_put_comes_out_of_a_trustless_gateway_under_both_its_names() throws IOException {
    // given
    var bytes = bytes(1000, 1);
    try (var files = open(); var gateway = new IpfsGateway(URI.create(server.address()))) {
      files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
      // when, then
      assertThat(gateway.get(new Cid(Cid.Codec.RAW, digest(bytes)))).hasValue(bytes);
      assertThat(gateway.get(new Cid(Cid.Codec.DAG_PB, digest(bytes)))).hasValue(bytes);
      assertThat(gateway.get(new Cid(Cid.Codec.RAW, digest(bytes(1, 2))))).isEmpty();
      var large = bytes((2 << 20) + 1, 3);
      files.put(digest(large), new FileBody.Held(ByteString.copyFrom(large)));
      assertThatIOException().isThrownBy(() -> gateway.get(new Cid(Cid.Codec.RAW, digest(large))))
          .withMessageContaining("more than 2097152 bytes");
    }
  }

  @Test void a_wrong_token_is_told_without_it() {
    var bytes = bytes(10, 1);
    try (var stranger = new IpfsDirectory(URI.create(server.address()), "not-the-token")) {
      assertThatIOException()
          .isThrownBy(() -> stranger.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes))))
          .withMessageContaining("status 403").withMessageNotContaining("not-the-token");
    }
  }
}
