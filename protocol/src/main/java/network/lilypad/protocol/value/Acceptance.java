package network.lilypad.protocol.value;

/// The creator's (or acceptor's) word that a result is good: the deal may be paid.
///
/// @param deal the deal
/// @param commitment the accepted result's commitment
/// @param cost the accepted result's cost
public record Acceptance(DealId deal, Bytes32 commitment, Lp cost) implements Signable {}
