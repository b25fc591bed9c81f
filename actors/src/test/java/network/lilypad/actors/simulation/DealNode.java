package network.lilypad.actors.simulation;

import java.util.List;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealEffect;
import network.lilypad.actors.deal.DealState;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;

/// A deal between its job, its machine, the ledger and both parties. Remembered.
final class DealNode extends Node<DealState, Deal.Change, Deal.Event> {
  final DealId id;

  DealNode(World world, DealId id, String name) {
    super(world, name, new DealState.Unproposed(id));
    this.id = id;
  }

  @Override void answer(Deal.Change command, Decision<Deal.Event> decision) {
    List<Rejection> refused = decision instanceof Decision.Reject<Deal.Event>(var why) ? List.of(why) : List.of();
    switch (command) {
      case Deal.Propose propose -> world.markets.forEach(market -> world.network.send("market",
          new Deal.Answer(propose.terms().job(), propose.terms().attempt(), state().phase(), refused),
          () -> market.answered(propose.terms(), refused)));
      case Deal.SubmitResult submit -> world.agentOf(submit.result().signer())
          .ifPresent(agent -> world.network.send(agent.name, "answer to the result",
              () -> agent.answered(submit.result(), refused)));
      default -> {
      }
    }
  }

  @Override void perform(Effect effect) {
    switch ((DealEffect) effect) {
      case DealEffect.ClaimJob(var job, var attempt, var provider) ->
        world.tell(job, new Job.Claim(attempt, provider, Refs.DEAL));
      case DealEffect.ReserveSlice(var machine, var job, var offer, var attempt, var price) ->
        world.tell(machine, new Machine.Reserve(job, offer, attempt, price, Refs.DEAL));
      case DealEffect.OpenOnLedger(var offer, var lease) -> world.line.ask("open " + name,
          () -> world.ledger.open(offer, lease), reply -> world.tell(this, new Deal.OpenAnswered(lease, reply)));
      case DealEffect.AnnulOnLedger annul -> annul(annul);
      case DealEffect.RunOnMachine(var machine, var deal, var offer, var lease) ->
        world.tell(machine, new Machine.Run(deal, offer, lease, Refs.DEAL));
      case DealEffect.FreeSlice(var machine, var deal, var kill) ->
        world.tell(machine, new Machine.Free(deal, kill, Refs.DEAL));
      case DealEffect.CommitResult(var deal, var result) -> world.line.ask("submit " + name,
          () -> world.ledger.submit(deal, result), reply -> world.tell(this, new Deal.SubmitAnswered(reply)));
      case DealEffect.EndOnLedger(var deal, var ending) -> world.line.ask("end " + name + " " + ending.phase(),
          () -> world.ledger.end(deal, ending), reply -> world.tell(this, new Deal.EndAnswered(reply)));
      case DealEffect.TellJob(var job, var attempt, var ending) ->
        world.tell(job, new Job.AttemptEnded(attempt, ending, Refs.DEAL));
      case DealEffect.AnswerStop(var job, var attempt, var nothing) ->
        world.tell(job, nothing ? new Job.NothingToStop(attempt) : new Job.StopHeard(attempt));
    }
  }

  private void annul(DealEffect.AnnulOnLedger annul) {
    boolean skipped = world.sabotaged(Sabotage.DEAL_DROPS_WITHOUT_ANNUL);
    world.line.ask("annul " + name, () -> skipped ? neverOpened(annul.job(), annul.attempt())
        : world.ledger.annul(annul.job(), annul.attempt()),
        reply -> world.tell(this, new Deal.AnnulAnswered(reply)));
  }

  private Bridge.Reply neverOpened(JobId job, int attempt) {
    return SimLedger.receipt(job.deal(attempt), DealPhase.TIMEOUT_AGREE, world.clock.seconds());
  }

  @Override Deal.Change tick() {
    return new Deal.Tick();
  }

  @Override boolean remembered() {
    return true;
  }
}
