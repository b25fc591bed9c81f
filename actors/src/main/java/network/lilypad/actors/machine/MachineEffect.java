package network.lilypad.actors.machine;

import java.util.List;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;

/// What a machine tells the market. The revision makes repeats and overtaking harmless: the highest one is the truth.
public sealed interface MachineEffect extends Effect {
  /// Put the machine, with what is free now, on the market's book.
  ///
  /// @param held the attempts whose slices are already off `free`
  record ListOnBook(Signed<ResourceOffer> offer, Bytes32 digest, Machine.Attributes attributes, Resources free,
      List<Machine.Held> held, long revision) implements MachineEffect {}

  /// Take the machine off the market's book.
  record TakeOffBook(MachineId machine, Bytes32 market, long revision) implements MachineEffect {}

  /// Ask a deal that should be over for its slice, by refusing its lease:
  /// [network.lilypad.actors.deal.Deal.LeaseRefused]. A deal that needs the slice no more gives it back again.
  record RefuseLease(DealId deal, Rejection why) implements MachineEffect {}
}
