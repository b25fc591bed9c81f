package network.lilypad.actors.market;

import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;

/// The side of a machine that the rules look at.
public interface Supply {
  /// The offer's version.
  ResourceOffer offer();

  /// The ledger that the offer is signed for.
  Domain ledger();

  /// What the offer does not say.
  Attributes attributes();

  /// Whether it takes new work.
  boolean open();

  /// What can still be taken, of the model and memory per GPU that the offer names.
  Resources free();
}
