package network.lilypad.protocol.value;

/// The provider's word that it gives a deal back: both sides are refunded.
///
/// @param deal the deal
public record Release(DealId deal) implements Signable {}
