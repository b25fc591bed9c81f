package network.lilypad.actors.simulation;

import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// Anybody with an account: posts what a provider wants posted past its deal, and ends it when the review is over.
final class Keeper {
  private static final long ROUND_MILLIS = 30_000;
  private final World world;

  Keeper(World world) {
    this.world = world;
  }

  void posts(DealId deal, Signed<Result> result) {
    world.line.ask("a provider's own result", () -> world.ledger.submit(deal, result), _ -> {
    });
    end(deal, result);
  }

  private void end(DealId deal, Signed<Result> result) {
    world.clock.after(ROUND_MILLIS, "keeper", "looks", () -> {
      var slot = world.ledger.slots().get(deal);
      if (slot != null && !slot.phase.terminal()) {
        world.line.ask("the keeper's end", () -> world.ledger.end(deal, new Bridge.Silence(result)), _ -> {
        });
        end(deal, result);
      }
    });
  }
}
