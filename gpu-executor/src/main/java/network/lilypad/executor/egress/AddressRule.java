package network.lilypad.executor.egress;

import java.net.InetAddress;

/// Which addresses a name may lead to.
@FunctionalInterface
public interface AddressRule {
  /// Addresses of the internet and not of this machine: nothing that is private, shared, link-local, loopback,
  /// multicast, documentation or otherwise reserved, however it is wrapped into IPv6.
  AddressRule PUBLIC = address -> !Reserved.holds(address) && !Reserved.isOurs(address);

  /// Whether a connection to this address may be opened.
  boolean allows(InetAddress address);
}
