package network.lilypad.executor.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is the internet, and what is not.
final class AddressRuleTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
      "192.168.1.1",
      "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "198.18.0.1", "198.19.255.255", "192.0.2.1",
      "224.0.0.1",
      "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1",
      "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "2001:db8::1", "::7f00:1", "fec0::1",
      "3fff::1"}) void addresses_that_are_not_of_the_internet_are_not_reached(String address) {
    assertThat(AddressRule.PUBLIC.allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "11.0.0.0",
          "169.253.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1",
          "::ffff:1.1.1.1"}) void addresses_of_the_internet_are_reached(String address) {
    assertThat(AddressRule.PUBLIC.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  private static List<InetAddress> addresses() throws SocketException {
    return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
  }

  @Test void an_address_of_this_machine_is_not_reached_be_it_public() throws Exception {
    var ours = addresses();
    var strange = ours.stream().filter(address -> !Reserved.isOurs(address)).toList();
    // containers of others come and go, and their networks with them
    var still = addresses();
    assertThat(ours).isNotEmpty();
    assertThat(strange).noneMatch(still::contains);
    assertThat(Reserved.isOurs(InetAddress.ofLiteral("1.1.1.1"))).isFalse();
  }
}
