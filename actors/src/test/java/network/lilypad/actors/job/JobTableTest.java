package network.lilypad.actors.job;

import java.io.IOException;
import java.util.List;
import network.lilypad.actors.GoldenTable;
import network.lilypad.actors.Named;
import network.lilypad.actors.Samples;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.api.Test;

class JobTableTest {
  @Test void the_jobs_table_is_the_committed_one() throws IOException {
    GoldenTable.matches("job.txt", "at 1080\n" + GoldenTable.of(states(), commands(), events(), 1_080)
        + "at 2001\n" + GoldenTable.of(states(), late(), List.of(), 2_001));
  }

  private static List<Named<JobState>> states() {
    JobState unposted = new JobState.Unposted(Samples.JOB);
    var open = unposted.apply(new Job.Posted(Samples.offer(), Samples.JOB, 1_000));
    var second = open.apply(new Job.AttemptLost(1, Samples.ending(DealPhase.LAPSED, Cause.LAPSED), 1_050));
    return List.of(new Named<>("Unposted", unposted), new Named<>("Open", open),
        new Named<>("Open, second attempt, one counted", second),
        new Named<>("Closing, cancelled", open.apply(new Job.Closing(new Job.CreatorStopped(Samples.cancel()), 1_060))),
        new Named<>("Closing, ran out", open.apply(new Job.Closing(new Job.RanOut(), 1_060))),
        new Named<>("Ended, done", open.apply(ended(Job.Outcome.DONE))),
        new Named<>("Ended, cancelled", open.apply(ended(Job.Outcome.CANCELLED))));
  }

  private static Job.Event ended(Job.Outcome outcome) {
    return new Job.Ended(outcome, 1, Samples.ending(DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED), 1_070);
  }

  private static Named<Job.Change> named(String name, Job.Change command) {
    return new Named<>(name, command);
  }

  private static Named<Job.Change> over(int attempt, DealPhase phase, Cause cause) {
    return named("AttemptEnded " + attempt + ", " + cause,
        new Job.AttemptEnded(attempt, Samples.ending(phase, cause), Refs.DEAL));
  }

  private static List<Named<Job.Change>> late() {
    return List.of(named("Post", new Job.Post(Samples.offer(), Refs.JOB_REPLY)),
        named("Claim 1", new Job.Claim(1, Samples.PROVIDER, Refs.DEAL)), over(1, DealPhase.LAPSED, Cause.LAPSED),
        named("Tick", new Job.Tick()));
  }

  private static List<Named<Job.Change>> commands() {
    var stranger = Samples.signed(Samples.STRANGER, new Cancel(Samples.JOB));
    return List.of(named("Post", new Job.Post(Samples.offer(), Refs.JOB_REPLY)),
        named("Stop", new Job.Stop(Samples.cancel(), Refs.JOB_REPLY)),
        named("Stop by a stranger", new Job.Stop(stranger, Refs.JOB_REPLY)),
        named("Claim 1", new Job.Claim(1, Samples.PROVIDER, Refs.DEAL)),
        named("Claim 2", new Job.Claim(2, Samples.STRANGER, Refs.DEAL)),
        named("Claim 2 by the excluded", new Job.Claim(2, Samples.PROVIDER, Refs.DEAL)),
        over(1, DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED), over(1, DealPhase.CANCELLED, Cause.CANCELLED),
        over(1, DealPhase.TIMEOUT_AGREE, Cause.INSUFFICIENT_FUNDS), over(1, DealPhase.TIMEOUT_AGREE, Cause.REFUSED),
        over(1, DealPhase.LAPSED, Cause.LAPSED), over(2, DealPhase.LAPSED, Cause.LAPSED),
        over(2, DealPhase.TIMEOUT_SUBMIT_RESULTS, Cause.NO_RESULT),
        named("NothingToStop 1", new Job.NothingToStop(1)), named("StopHeard 1", new Job.StopHeard(1)),
        named("OnBook 1", new Job.OnBook(1)), named("OffBook", new Job.OffBook()),
        named("Unreserved", new Job.Unreserved()), named("Tick", new Job.Tick()));
  }

  private static List<Named<Job.Event>> events() {
    return List.of(new Named<>("Posted", new Job.Posted(Samples.offer(), Samples.JOB, 1_080)),
        new Named<>("AttemptLost", new Job.AttemptLost(1, Samples.ending(DealPhase.LAPSED, Cause.LAPSED), 1_080)),
        new Named<>("Closing", new Job.Closing(new Job.RanOut(), 1_080)),
        new Named<>("Ended", ended(Job.Outcome.FAILED)));
  }
}
