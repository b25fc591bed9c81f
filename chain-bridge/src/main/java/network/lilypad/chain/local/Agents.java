package network.lilypad.chain.local;

import java.util.Map;
import java.util.Set;

import network.lilypad.protocol.value.Address;

/// Who signs for whom now, as far as one intent needs to know.
///
/// @param principals for each signer the providers that have made it their agent
record Agents(Map<Address, Set<Address>> principals) {
  boolean speaksFor(Address signer, Address provider) {
    return signer.equals(provider) || principals.getOrDefault(signer, Set.of()).contains(provider);
  }
}
