package network.lilypad.actors.deal;

import java.util.ArrayList;
import java.util.List;
import network.lilypad.actors.deal.Deal.Event;
import network.lilypad.actors.deal.Deal.Stage;
import network.lilypad.actors.deal.Deal.Terms;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// What a deal's parties see of it, folded from the same events as its state: a phase forgets what its moves do not
/// need, the story keeps it.
record DealStory(DealId deal, List<Terms> terms, List<Signed<Lease>> lease, List<Signed<Result>> result,
    List<Stage> times, String detail) {
  static DealStory begin(DealId deal) {
    return new DealStory(deal, List.of(), List.of(), List.of(), List.of(), "");
  }

  /// @param phase the phase that the event led to
  DealStory after(Event event, DealPhase phase) {
    return switch (event) {
      case Deal.Proposed(var t, var at) -> new DealStory(deal, List.of(t), lease, result, with(phase, at), detail);
      case Deal.Stopping(_, _, var why, var at) -> new DealStory(deal, terms, lease, result, with(phase, at), why);
      case Deal.Opened(var l, var at) -> new DealStory(deal, terms, List.of(l), result, with(phase, at), detail);
      case Deal.Submitted(var r, var at) -> new DealStory(deal, terms, lease, List.of(r), with(phase, at), detail);
      case Deal.Committed _ -> this;
      case Deal.Ended(_, _, var why, var at) -> new DealStory(deal, terms, lease, result, with(phase, at), why);
      case Deal.Overruled(_, var at) -> new DealStory(deal, terms, lease, result, with(phase, at), detail);
    };
  }

  private List<Stage> with(DealPhase phase, long at) {
    var longer = new ArrayList<>(times);
    longer.add(new Stage(phase, at));
    return List.copyOf(longer);
  }

  Deal.View view(DealPhase phase, List<Bridge.Receipt> receipts) {
    return new Deal.View(deal, phase, terms, lease, result, times, detail, receipts);
  }
}
