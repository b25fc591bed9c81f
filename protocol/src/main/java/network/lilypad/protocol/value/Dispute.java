package network.lilypad.protocol.value;

/// The creator's (or acceptor's) word that a submitted result is to be judged by the mediators. Who signs it risks a
/// bond.
///
/// @param deal the deal
/// @param commitment the disputed result's commitment
public record Dispute(DealId deal, Bytes32 commitment) implements Signable {}
