package network.lilypad.node.session;

import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.machine.Machine;
import network.lilypad.node.gateway.Asking;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.node.gateway.Refused;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;

/// Who may read and write a deal's content: the agent of the deal's machine, while the deal lives, and once more to
/// leave what a cancelled run had written. Blocks.
record DealAccess(GatewayPorts ports, Asking asking) {
  /// The terms of a live deal of the caller's machine.
  ///
  /// @throws io.grpc.StatusRuntimeException `NoLease` for anybody else's deal, `WrongState` for an ended one
  Deal.Terms require(Address caller, DealId deal, String purpose) {
    var view = own(caller, deal);
    Refused.unless(lives(view), new Rejection.WrongState("deal", view.phase().name(), purpose));
    return view.terms().getFirst();
  }

  /// A deal whose output the caller's machine may store.
  ///
  /// @throws io.grpc.StatusRuntimeException `NoLease` for anybody else's deal, `WrongState` for one that has ended
  ///     without having been cancelled by its creator
  Deal.View requireOutput(Address caller, DealId deal, String purpose) {
    var view = own(caller, deal);
    Refused.unless(lives(view) || view.phase() == DealPhase.CANCELLED,
        new Rejection.WrongState("deal", view.phase().name(), purpose));
    return view;
  }

  private static boolean lives(Deal.View view) {
    return !view.phase().terminal() && view.phase() != DealPhase.UNWINDING;
  }

  private Deal.View own(Address caller, DealId deal) {
    Deal.View view = asking.ask("the deal", ports.neighbours().deal(deal), Deal.Get::new);
    var terms = view.terms().stream().findFirst().orElseThrow(
        () -> Refused.because(new Rejection.NoLease(caller.toString(), deal.toString())));
    Machine.View machine = asking.ask("the machine", ports.neighbours().machine(terms.machine()), Machine.Get::new);
    Refused.unless(machine.offers().stream().map(offer -> offer.word())
        .anyMatch(offer -> caller.equals(offer.agent()) || caller.equals(offer.provider())),
        new Rejection.NoLease(terms.machine().toString(), deal.toString()));
    return view;
  }
}
