package network.lilypad.executor.egress;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/// What is not the internet: the special-purpose addresses of IANA's registries (RFC 6890 and its additions), and this
/// machine's own.
final class Reserved {
  private static final List<Block> V4 = blocks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
      "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
      "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3");
  private static final Block GLOBAL_V6 = Block.of("2000::/3");
  /// Of what is global unicast: protocol assignments with Teredo, documentation, 6to4, which wraps any IPv4 address.
  private static final List<Block> V6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private Reserved() {}

  /// Addresses that begin with the same bits.
  ///
  /// @param prefix these bits
  /// @param bits how many
  /// @param width bits of an address of this kind
  private record Block(BigInteger prefix, int bits, int width) {
    /// A block as it is written, such as `10.0.0.0/8`.
    static Block of(String text) {
      int slash = text.indexOf('/');
      var address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
      int bits = Integer.parseInt(text.substring(slash + 1));
      int width = address.length * Byte.SIZE;
      return new Block(new BigInteger(1, address).shiftRight(width - bits), bits, width);
    }

    boolean holds(byte[] address) {
      return address.length * Byte.SIZE == width && new BigInteger(1, address).shiftRight(width - bits).equals(prefix);
    }
  }

  private static List<Block> blocks(String... texts) {
    return Stream.of(texts).map(Block::of).toList();
  }

  /// Whether it is not of the internet. An IPv4 address mapped into IPv6 is an [Inet4Address] already; NAT64 lies
  /// outside of `2000::/3`.
  static boolean holds(InetAddress address) {
    var bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> V4.stream().anyMatch(block -> block.holds(bytes));
      case Inet6Address _ -> !GLOBAL_V6.holds(bytes) || V6.stream().anyMatch(block -> block.holds(bytes));
      default -> true;
    };
  }

  /// Whether it is an address of this machine, whose services may trust what comes from inside.
  static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException _) {
      return true;
    }
  }
}
