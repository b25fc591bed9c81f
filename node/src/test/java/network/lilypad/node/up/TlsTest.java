package network.lilypad.node.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.lilypad.protocol.proto.v1.GetInfoRequest;
import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway with a certificate of its own.
class TlsTest {
  private static final char[] PASSWORD = "test-only".toCharArray();

  @TempDir
  private Path folder = Path.of("");

  @Test void a_gateway_with_a_certificate_speaks_tls_and_nothing_else() throws Exception {
    // given
    var cert = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    certificate(cert, key);
    try (var node = TestNode.start(folder.resolve("node"),
        Map.of("gateway.tls.cert", cert.toString(), "gateway.tls.key", key.toString()))) {
      var address = node.facts().gateway();
      var trusted = GrpcSslContexts.forClient().trustManager(cert.toFile()).build();
      // when
      var info = info(NettyChannelBuilder.forAddress("127.0.0.1", address.getPort()).sslContext(trusted).build());
      // then
      assertThat(node.facts().tls()).isTrue();
      assertThat(info.getSolver().toByteArray()).isEqualTo(node.facts().solver().bytes());
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(
          () -> info(NettyChannelBuilder.forAddress("127.0.0.1", address.getPort()).usePlaintext().build()));
    }
  }

  private static Info info(ManagedChannel channel) {
    try {
      return MarketGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS)
          .getInfo(GetInfoRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  /// A self-signed certificate for this machine, made by the JDK's own tool.
  private void certificate(Path cert, Path key) throws Exception {
    var store = folder.resolve("store.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made = new ProcessBuilder(keytool, "-genkeypair", "-alias", "gateway", "-keyalg", "EC", "-dname",
        "CN=localhost",
        "-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "2", "-storetype", "PKCS12", "-keystore",
        store.toString(), "-storepass", new String(PASSWORD)).inheritIO().start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    Files.writeString(cert, pem("CERTIFICATE", keys.getCertificate("gateway").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey("gateway", PASSWORD).getEncoded()));
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der)
        + "\n-----END " + kind + "-----\n";
  }
}
