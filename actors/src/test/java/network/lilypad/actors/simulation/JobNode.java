package network.lilypad.actors.simulation;

import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobEffect;
import network.lilypad.actors.job.JobState;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.value.JobId;

/// A job between its creator, the market, its deals and the ledger. Not remembered: messages wake it, at the latest the
/// market's, which keeps an index of all jobs that have not ended.
final class JobNode extends Node<JobState, Job.Change, Job.Event> {
  final JobId id;

  JobNode(World world, JobId id) {
    super(world, "job" + (world.jobs.size() + 1), new JobState.Unposted(id));
    this.id = id;
    world.trace.name(id, name);
  }

  boolean ended() {
    return state() instanceof JobState.Ended;
  }

  @Override void answer(Job.Change command, Decision<Job.Event> decision) {
    boolean refused = decision instanceof Decision.Reject;
    switch (command) {
      case Job.Post _ -> world.creator(id).posted(!refused);
      case Job.Stop _ -> world.creator(id).stopped(!refused);
      case Job.Claim claim -> world.tell(world.deal(id, claim.attempt()),
          decision instanceof Decision.Reject<Job.Event>(var why) && !world.sabotaged(Sabotage.ATTEMPT_OPENED_TWICE)
              ? new Deal.ClaimRefused(why)
              : new Deal.Claimed());
      case Job.AttemptEnded ended -> {
        if (!refused) {
          world.tell(world.deal(id, ended.attempt()), new Deal.JobTold());
        }
      }
      default -> {
      }
    }
  }

  @Override void perform(Effect effect) {
    switch ((JobEffect) effect) {
      case JobEffect.ListOnBook list -> world.markets.forEach(
          market -> world.network.send("market", list, () -> market.list(list)));
      case JobEffect.TakeOffBook off -> world.markets.forEach(
          market -> world.network.send("market", off, () -> market.takeOff(off)));
      case JobEffect.StopDeal stop ->
        world.tell(world.deal(id, stop.attempt()), new Deal.Stop(id, stop.attempt(), stop.cancel()));
      case JobEffect.Unreserve _ ->
        world.line.ask("unreserve", () -> world.ledger.unreserve(id), _ -> world.tell(id, new Job.Unreserved()));
    }
  }

  @Override Job.Change tick() {
    return new Job.Tick();
  }

  @Override boolean remembered() {
    return false;
  }
}
