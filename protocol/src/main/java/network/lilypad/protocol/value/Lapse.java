package network.lilypad.protocol.value;

/// The solver's word that a provider's machine fell silent: both sides are refunded.
///
/// @param deal the deal
/// @param at when the silence was found
public record Lapse(DealId deal, long at) implements Signable {
  /// @throws IllegalArgumentException if the time is out of bounds
  public Lapse {
    Bounds.check("at", at, 0, Bounds.MAX_UINT40);
  }
}
