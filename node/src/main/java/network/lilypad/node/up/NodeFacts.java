package network.lilypad.node.up;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;

/// What a running node can say of itself.
///
/// @param gateway where the gateway listens, as bound
/// @param tls whether it speaks TLS there
/// @param domain the ledger's domain
/// @param solver the solver's account
/// @param market the market's id
/// @param dataDir where it keeps everything
public record NodeFacts(InetSocketAddress gateway, boolean tls, Domain domain, Address solver, Bytes32 market,
    Path dataDir) {}
