package network.lilypad.executor.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What holds for everybody who goes out, whatever hosts they may reach.
///
/// @param ports the only ports
/// @param addresses what a host's name may lead to
/// @param names how names become addresses
public record EgressRule(Set<Integer> ports, AddressRule addresses, Names names) {
  /// HTTP and HTTPS at their own ports, to the internet only, by the names that this machine knows.
  public static final EgressRule PUBLIC = new EgressRule(Set.of(80, 443), AddressRule.PUBLIC,
      host -> List.of(InetAddress.getAllByName(host)));

  /// How names become addresses; may block.
  @FunctionalInterface
  public interface Names {
    /// All addresses of a host.
    ///
    /// @throws UnknownHostException if it has none
    List<InetAddress> lookUp(String host) throws UnknownHostException;
  }

  /// Copies the ports.
  public EgressRule {
    ports = Set.copyOf(ports);
  }

  /// Why this may not be reached, as far as its name tells; empty if it may.
  ///
  /// @param hosts the only hosts, exactly as they stand
  Optional<String> objection(Destination to, Set<String> hosts) {
    if (!hosts.contains(to.host())) {
      return Optional.of("not on the job's list");
    }
    return ports.contains(to.port()) ? Optional.empty() : Optional.of("only ports " + new TreeSet<>(ports));
  }

  /// The addresses of a host that may be reached: connect to these and do not ask for the name again, or it may lead
  /// elsewhere by then.
  List<InetAddress> addresses(String host) throws UnknownHostException {
    return names.lookUp(host).stream().filter(addresses::allows).toList();
  }
}
