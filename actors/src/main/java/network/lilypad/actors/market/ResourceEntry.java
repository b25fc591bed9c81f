package network.lilypad.actors.market;

import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.ResourceOffer;

/// A machine's entry in the book: one version of its offer and how the machine stands.
///
/// @param offer the signed offer's version
/// @param digest the version's EIP-712 digest, which a lease names
/// @param ledger the ledger that the offer is signed for: chain and contract
/// @param attributes what the offer does not say
/// @param age where it stands among equal asks: the lower the older
/// @param standing what the machine can take now
public record ResourceEntry(ResourceOffer offer, Bytes32 digest, Domain ledger, Attributes attributes, long age,
    Standing standing) {}
