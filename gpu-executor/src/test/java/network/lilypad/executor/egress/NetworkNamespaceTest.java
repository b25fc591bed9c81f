package network.lilypad.executor.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Sockets in other namespaces. Needs root, as the tests of the container engine do.
final class NetworkNamespaceTest {
  private static final InetSocketAddress AT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 3128);

  @Test void a_socket_listens_inside_and_nowhere_else_and_the_process_stays_where_it_is() throws Exception {
    assertThat(Egress.obstacle()).isEmpty();
    var before = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    var inside = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec cat").start();
    try {
      inside.inputReader().readLine();
      try (var socket = NetworkNamespace.listen(inside.pid(), AT)) {
        assertThat(socket.getLocalAddress()).isEqualTo(AT);
        assertThatThrownBy(() -> new Socket(AT.getAddress(), AT.getPort()).close())
            .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> NetworkNamespace.listen(inside.pid(), AT)).hasMessageContaining("bind to");
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/ns/net"))).isEqualTo(before);
      }
    } finally {
      inside.destroyForcibly().waitFor();
    }
  }

  @Test void a_process_that_is_not_walled_in_is_refused() {
    assertThatThrownBy(() -> NetworkNamespace.listen(ProcessHandle.current().pid(), AT))
        .hasMessageContaining("nothing but loopback");
    assertThatThrownBy(() -> NetworkNamespace.listen(Integer.MAX_VALUE, AT)).hasMessageContaining("no such process");
  }
}
