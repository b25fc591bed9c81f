package network.lilypad.actors.wire;

import java.util.List;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.serializer.KryoWords;
import network.lilypad.protocol.value.Engine;

/// The words of jobs, machines, deals and matchmakers. Events are the journal's and what an entity says to itself stays
/// where it is: neither is here. Numbers are for ever.
public final class ActorsKryoWords implements KryoWords {
  @Override public int firstId() {
    return 2000;
  }

  @Override public List<Word> words() {
    return List.of(
        new Word(2001, Job.Post.class),
        new Word(2002, Job.Stop.class),
        new Word(2003, Job.Claim.class),
        new Word(2004, Job.AttemptEnded.class),
        new Word(2005, Job.NothingToStop.class),
        new Word(2006, Job.StopHeard.class),
        new Word(2007, Job.OnBook.class),
        new Word(2008, Job.OffBook.class),
        new Word(2009, Job.Unreserved.class),
        new Word(2010, Job.Tick.class),
        new Word(2011, Job.Get.class),
        new Word(2012, Job.Watch.class),
        new Word(2013, Job.Ending.class),
        new Word(2014, Job.Done.class),
        new Word(2015, Job.Refused.class),
        new Word(2016, Job.View.class),
        new Word(2017, Job.Unwatch.class),
        new Word(2101, Machine.Attach.class),
        new Word(2102, Machine.Hello.class),
        new Word(2103, Machine.Attributes.class),
        new Word(2104, Machine.Running.class),
        new Word(2105, Machine.Beat.class),
        new Word(2106, Machine.Detached.class),
        new Word(2107, Machine.Killed.class),
        new Word(2108, Machine.LeaseSigned.class),
        new Word(2109, Machine.LeaseDeclined.class),
        new Word(2110, Machine.RunTaken.class),
        new Word(2111, Machine.Reserve.class),
        new Word(2112, Machine.Run.class),
        new Word(2113, Machine.Free.class),
        new Word(2114, Machine.Delist.class),
        new Word(2115, Machine.OnBook.class),
        new Word(2116, Machine.Tick.class),
        new Word(2117, Machine.Get.class),
        new Word(2118, Machine.View.class),
        new Word(2119, Machine.Held.class),
        new Word(2120, Machine.Declare.class),
        new Word(2201, Deal.Propose.class),
        new Word(2202, Deal.Terms.class),
        new Word(2203, Deal.Answer.class),
        new Word(2204, Deal.Claimed.class),
        new Word(2205, Deal.ClaimRefused.class),
        new Word(2206, Deal.LeaseGranted.class),
        new Word(2207, Deal.LeaseRefused.class),
        new Word(2208, Deal.OpenAnswered.class),
        new Word(2209, Deal.AnnulAnswered.class),
        new Word(2210, Deal.SubmitAnswered.class),
        new Word(2211, Deal.EndAnswered.class),
        new Word(2212, Deal.RunAcknowledged.class),
        new Word(2213, Deal.SliceFreed.class),
        new Word(2214, Deal.JobTold.class),
        new Word(2215, Deal.SubmitResult.class),
        new Word(2216, Deal.Accept.class),
        new Word(2217, Deal.GiveBack.class),
        new Word(2218, Deal.Stop.class),
        new Word(2219, Deal.ProviderSilent.class),
        new Word(2220, Deal.Tick.class),
        new Word(2221, Deal.Get.class),
        new Word(2222, Deal.Watch.class),
        new Word(2223, Deal.Progress.class),
        new Word(2224, Deal.Changed.class),
        new Word(2225, Deal.Started.class),
        new Word(2226, Deal.Log.class),
        new Word(2227, Deal.Done.class),
        new Word(2228, Deal.Refused.class),
        new Word(2229, Deal.View.class),
        new Word(2230, Deal.Stage.class),
        new Word(2231, Deal.RunForgotten.class),
        new Word(2232, Deal.Unwatch.class),
        new Word(2233, Deal.Reported.class),
        new Word(2301, Matchmaker.ListJob.class),
        new Word(2302, Matchmaker.TakeJob.class),
        new Word(2303, Matchmaker.ListMachine.class),
        new Word(2304, Matchmaker.TakeMachine.class),
        new Word(2305, Matchmaker.Explain.class),
        new Word(2306, Matchmaker.Explained.class),
        new Word(2307, Matchmaker.Fallen.class),
        new Word(2308, Matchmaker.Tick.class));
  }

  @Override public List<Numbered<?>> enums() {
    return List.of(
        new Numbered<>(Cause.class, Cause::number, Cause::of),
        new Numbered<>(Engine.class, Engine::number, Engine::of),
        new Numbered<>(Machine.Why.class, Machine.Why::number, Machine.Why::of));
  }
}
