package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GatewayAddressTest {
  @Test void loopback_is_plain_and_everything_else_encrypted_unless_told_otherwise() {
    assertThat(GatewayAddress.parse("127.0.0.1")).isEqualTo(new GatewayAddress("127.0.0.1", 8990, false));
    assertThat(GatewayAddress.parse("localhost:9000")).isEqualTo(new GatewayAddress("localhost", 9000, false));
    assertThat(GatewayAddress.parse("market.example:9000"))
        .isEqualTo(new GatewayAddress("market.example", 9000, true));
    assertThat(GatewayAddress.parse("http://10.0.0.7:9000")).isEqualTo(new GatewayAddress("10.0.0.7", 9000, false));
    assertThat(GatewayAddress.parse("https://localhost")).isEqualTo(new GatewayAddress("localhost", 8990, true));
    assertThat(GatewayAddress.parse("[::1]:9000").tls()).isFalse();
  }

  @Test void anything_else_is_refused_with_what_is_expected() {
    assertThatThrownBy(() -> GatewayAddress.parse("ftp://x")).hasMessageContaining("host:port");
    assertThatThrownBy(() -> GatewayAddress.parse("a b")).hasMessageContaining("host:port");
    assertThatThrownBy(() -> GatewayAddress.parse("x:0")).hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> GatewayAddress.parse("http://x/path")).hasMessageContaining("host:port");
  }
}
