package network.lilypad.node.files;

import java.io.IOException;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/// S3Proxy over a store in memory, on a free port: a server of other people's that computes signatures of version 4 for
/// itself, and refuses what was not signed with its secret, has other bytes than were signed, or is minutes old.
final class S3Server implements AutoCloseable {
  static final S3Keys KEYS = new S3Keys("AKIALILYPAD", "the/secret+of the tests", "");
  static final String BUCKET = "lilypad";
  /// The server's own default, said here because a test is just behind it.
  static final int SKEW_SECONDS_MAX = 15 * 60;

  private final S3Proxy server;
  private final String path;

  /// @param path of the store under its host, such as `/store`; empty: none
  S3Server(String path) throws Exception {
    this.path = path;
    var store = new TransientNio2BlobStore();
    store.createContainer(BUCKET);
    // It knows no tokens of sessions; that one is signed it sees all the same.
    server = S3Proxy.builder().blobStore(store).endpoint(URI.create("http://127.0.0.1:0")).servicePath(path)
        .awsAuthentication(AuthenticationType.AWS_V4, KEYS.access(), KEYS.secret()).maximumTimeSkew(SKEW_SECONDS_MAX)
        .ignoreUnknownHeaders(true).build();
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getPort() + path);
  }

  @Override public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("S3Proxy: it does not stop", e);
    }
  }
}
