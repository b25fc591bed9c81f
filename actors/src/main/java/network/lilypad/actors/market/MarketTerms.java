package network.lilypad.actors.market;

import network.lilypad.protocol.value.Lp;

/// What one market asks of everybody in it.
///
/// @param minimumCharge no deal costs less
/// @param minimumReputation providers below it are not matched, in permille, 0 to 1000
public record MarketTerms(Lp minimumCharge, int minimumReputation) {
  /// @throws IllegalArgumentException if the reputation is out of bounds
  public MarketTerms {
    Bounds.check("minimumReputation", minimumReputation, 0, Attributes.MAX_REPUTATION);
  }
}
