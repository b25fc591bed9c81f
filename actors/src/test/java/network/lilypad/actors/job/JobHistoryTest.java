package network.lilypad.actors.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.Named;
import network.lilypad.actors.Samples;
import network.lilypad.actors.Twice;
import network.lilypad.actors.Twice.Step;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every command of a history, sent once more in every later phase, leaves no event. A finished offer posted or stopped
/// again is refused, and so is a claim of an attempt that is over.
class JobHistoryTest {
  private static final List<String> REFUSED_BY_DESIGN = List.of("Post in Ended: JobEnded", "Stop in Ended: JobEnded",
      "Claim in Ended: JobEnded", "Claim in Closing: WrongState", "Claim in Open: WrongState");

  static Stream<Named<List<Step<Job.Change>>>> histories() {
    return Stream.of(
        history("happy", at(1_005, over(DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED)), at(1_006, new Job.OffBook()),
            at(1_007, new Job.Unreserved())),
        history("cancelled before opening", at(1_002, stop()), at(1_003, new Job.NothingToStop(1)),
            at(1_004, new Job.OffBook())),
        history("cancelled after opening", at(1_002, stop()), at(1_003, new Job.StopHeard(1)),
            at(1_004, over(DealPhase.CANCELLED, Cause.CANCELLED))),
        history("cancelled too late", at(1_002, stop()),
            at(1_004, over(DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED))),
        history("lapsed and again", at(1_005, over(DealPhase.LAPSED, Cause.LAPSED)), at(1_006, new Job.OnBook(2)),
            at(1_007, new Job.Claim(2, Samples.STRANGER, Refs.DEAL)),
            at(1_009, new Job.AttemptEnded(2, Samples.ending(DealPhase.RELEASED, Cause.RELEASED), Refs.DEAL))),
        history("insufficient funds", at(1_005, over(DealPhase.TIMEOUT_AGREE, Cause.INSUFFICIENT_FUNDS))),
        history("expired", at(2_001, new Job.Tick()), at(2_002, new Job.NothingToStop(1))),
        history("ran out, then cancelled", at(2_001, new Job.Tick()), at(2_002, new Job.StopHeard(1)),
            at(2_003, stop()), at(2_004, over(DealPhase.CANCELLED, Cause.CANCELLED))));
  }

  @SafeVarargs private static Named<List<Step<Job.Change>>> history(String name, Step<Job.Change>... rest) {
    var steps = new ArrayList<>(List.of(at(1_000, new Job.Post(Samples.offer(), Refs.JOB_REPLY)),
        at(1_001, new Job.OnBook(1)), at(1_001, new Job.Claim(1, Samples.PROVIDER, Refs.DEAL))));
    for (var step : rest) {
      steps.add(step);
    }
    return new Named<>(name, steps);
  }

  @ParameterizedTest
  @MethodSource("histories") void every_command_sent_twice_leaves_no_event(Named<List<Step<Job.Change>>> history) {
    // when
    var faults = Twice.faults(new JobState.Unposted(Samples.JOB), history.value());
    // then
    assertThat(faults).allMatch(REFUSED_BY_DESIGN::contains);
  }

  @Test void an_answer_to_the_clocks_stop_does_not_settle_the_creators() {
    // given: the offer ran out and the deal was told so; then its creator cancelled, and only then the answer comes
    JobState job = new JobState.Unposted(Samples.JOB);
    job = job.apply(new Job.Posted(Samples.offer(), Samples.JOB, 1_000))
        .apply(new Job.Closing(new Job.RanOut(), 2_001));
    var clocks = job.settledBy(new Job.StopHeard(1));
    job = job.apply(new Job.Closing(new Job.CreatorStopped(Samples.cancel()), 2_002));
    // then
    assertThat(clocks).hasSize(1);
    assertThat(job.settledBy(new Job.StopHeard(1))).isEmpty();
  }

  private static Step<Job.Change> at(long at, Job.Change command) {
    return new Step<>(at, command);
  }

  private static Job.Change stop() {
    return new Job.Stop(Samples.cancel(), Refs.JOB_REPLY);
  }

  private static Job.Change over(DealPhase phase, Cause cause) {
    return new Job.AttemptEnded(1, Samples.ending(phase, cause), Refs.DEAL);
  }
}
