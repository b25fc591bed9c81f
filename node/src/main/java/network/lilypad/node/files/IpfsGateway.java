package network.lilypad.node.files;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;

/// Blocks from a trustless IPFS gateway, one by one: `GET /ipfs/CID?format=raw`. Nothing it says is believed before it
/// is hashed. Reference: "Trustless Gateway Specification", specs.ipfs.tech.
public final class IpfsGateway implements BlockSource, AutoCloseable {
  private final URI gateway;
  private final PatientHttp http = new PatientHttp();

  /// @param gateway such as `http://127.0.0.1:8080`
  public IpfsGateway(URI gateway) {
    this.gateway = gateway;
  }

  /// @throws IOException if the gateway does not answer, or with more than a block
  @Override public Optional<byte[]> get(Cid cid) throws IOException {
    var response = http.send(() -> HttpRequest.newBuilder(URI.create(gateway + "/ipfs/" + cid + "?format=raw"))
        .header("Accept", "application/vnd.ipld.raw"));
    if (response.statusCode() == 404 || response.statusCode() == 410) {
      response.body().close();
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw PatientHttp.refusal(response);
    }
    try (var body = response.body()) {
      var block = body.readNBytes(BlockSink.MAX_BLOCK_BYTES + 1);
      if (block.length > BlockSink.MAX_BLOCK_BYTES) {
        throw new IOException("ipfs gateway: block " + cid + " has more than " + BlockSink.MAX_BLOCK_BYTES + " bytes");
      }
      return Optional.of(block);
    }
  }

  @Override public void close() {
    http.close();
  }
}
