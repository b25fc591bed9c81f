package network.lilypad.actors.deal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.Named;
import network.lilypad.actors.Samples;
import network.lilypad.actors.Twice;
import network.lilypad.actors.Twice.Step;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every command of a history, sent once more in every later phase, leaves no event. A proposal sent again is refused:
/// the market learns that the attempt is taken. A result whose deal has ended without it is refused too.
class DealHistoryTest {
  private static final List<String> REFUSED_BY_DESIGN = List.of("Propose in Proposed: AlreadyProposed",
      "Propose in Unwinding: AlreadyProposed", "Propose in Agreed: AlreadyProposed",
      "Propose in InReview: AlreadyProposed", "Propose in Settling: AlreadyProposed");

  static Stream<Named<List<Step<Deal.Change>>>> histories() {
    return Stream.of(
        history("happy", opened(), at(1_075, submit()), at(1_076, freed()), at(1_080, accept()),
            at(1_081, ended(DealPhase.RESULTS_ACCEPTED)), at(1_082, new Deal.JobTold())),
        history("silence", opened(), at(1_075, submit()), at(1_076, freed()), at(1_105, new Deal.Tick()),
            at(1_106, new Deal.SubmitAnswered(Samples.receipt(DealPhase.RESULTS_SUBMITTED, 1_106))),
            at(1_166, new Deal.Tick()), at(1_167, ended(DealPhase.TIMEOUT_JUDGE_RESULTS)),
            at(1_168, new Deal.JobTold())),
        history("cancelled before opening", proposed(), at(1_002, stop()),
            at(1_003, new Deal.AnnulAnswered(Samples.receipt(DealPhase.TIMEOUT_AGREE, 1_003))), at(1_004, freed()),
            at(1_005, new Deal.JobTold())),
        history("cancelled while opening", proposed(), at(1_002, stop()),
            at(1_003, new Deal.AnnulAnswered(Samples.receipt(DealPhase.AGREED, 1_003))),
            at(1_004, ended(DealPhase.CANCELLED)), at(1_004, freed()), at(1_005, new Deal.JobTold())),
        history("cancelled after opening", opened(), at(1_030, stop()), at(1_031, ended(DealPhase.CANCELLED)),
            at(1_032, freed()), at(1_033, new Deal.JobTold())),
        history("lapsed", opened(), at(1_030, new Deal.ProviderSilent(1)), at(1_031, ended(DealPhase.LAPSED)),
            at(1_032, freed()), at(1_033, new Deal.JobTold())),
        history("released", opened(), at(1_030, new Deal.GiveBack(Samples.release(), Refs.DEAL_REPLY)),
            at(1_031, ended(DealPhase.RELEASED)), at(1_032, freed()), at(1_033, new Deal.JobTold())),
        history("no result", opened(), at(1_501, new Deal.Tick()),
            at(1_502, ended(DealPhase.TIMEOUT_SUBMIT_RESULTS)), at(1_503, freed()), at(1_504, new Deal.JobTold())),
        history("overruled", opened(), at(1_501, new Deal.Tick()), at(1_502, ended(DealPhase.RESULTS_SUBMITTED)),
            at(1_560, ended(DealPhase.TIMEOUT_JUDGE_RESULTS)), at(1_561, freed()), at(1_562, new Deal.JobTold())),
        history("refused by machine", proposed(), at(1_002, new Deal.LeaseRefused(new Rejection.AgentRefused("no"))),
            at(1_003, new Deal.AnnulAnswered(Samples.receipt(DealPhase.TIMEOUT_AGREE, 1_003))), at(1_004, freed()),
            at(1_005, new Deal.JobTold())),
        history("insufficient funds", granted(),
            at(1_003, new Deal.OpenAnswered(Samples.lease(), new Bridge.Refused("",
                new Rejection.InsufficientFunds(Samples.CREATOR.toString(), 200, 100)))),
            at(1_004, new Deal.AnnulAnswered(Samples.receipt(DealPhase.TIMEOUT_AGREE, 1_004))), at(1_005, freed()),
            at(1_006, new Deal.JobTold())),
        history("expired", proposed(), at(2_001, new Deal.Stop(Samples.JOB, 1, List.of())),
            at(2_002, new Deal.AnnulAnswered(Samples.receipt(DealPhase.TIMEOUT_AGREE, 2_002))), at(2_003, freed()),
            at(2_004, new Deal.JobTold())));
  }

  @SafeVarargs private static Named<List<Step<Deal.Change>>> history(String name, List<Step<Deal.Change>> beginning,
      Step<Deal.Change>... rest) {
    var steps = new ArrayList<>(beginning);
    for (var step : rest) {
      steps.add(step);
    }
    return new Named<>(name, steps);
  }

  @ParameterizedTest
  @MethodSource("histories") void every_command_sent_twice_leaves_no_event(Named<List<Step<Deal.Change>>> history) {
    // when
    var faults = Twice.faults(new DealState.Unproposed(Samples.JOB.deal(1)), history.value());
    // then
    assertThat(faults).allMatch(REFUSED_BY_DESIGN::contains);
  }

  @ParameterizedTest
  @MethodSource("histories") void every_history_ends_with_nothing_owed(Named<List<Step<Deal.Change>>> history) {
    DealState state = new DealState.Unproposed(Samples.JOB.deal(1));
    var settled = new ArrayList<Effect>();
    for (var step : history.value()) {
      settled.addAll(state.settledBy(step.command()));
      if (state.decide(step.command(),
          step.at()) instanceof Decision.Persist<Deal.Event>(var events)) {
        for (var event : events) {
          state = state.apply(event);
        }
      }
    }
    assertThat(state.terminal()).isTrue();
    assertThat(settled).containsAll(state.outstanding());
  }

  private static Step<Deal.Change> at(long at, Deal.Change command) {
    return new Step<>(at, command);
  }

  private static List<Step<Deal.Change>> proposed() {
    return List.of(at(1_000, new Deal.Propose(Samples.terms(), Refs.ANSWER)), at(1_001, new Deal.Claimed()));
  }

  private static List<Step<Deal.Change>> granted() {
    var steps = new ArrayList<>(proposed());
    steps.add(at(1_002, new Deal.LeaseGranted(Samples.lease())));
    return steps;
  }

  private static List<Step<Deal.Change>> opened() {
    var steps = new ArrayList<>(granted());
    steps.add(at(1_010, new Deal.OpenAnswered(Samples.lease(), Samples.receipt(DealPhase.AGREED, 1_010))));
    steps.add(at(1_011, new Deal.RunAcknowledged()));
    return steps;
  }

  private static Deal.Change submit() {
    return new Deal.SubmitResult(Samples.result(), Refs.DEAL_REPLY);
  }

  private static Deal.Change accept() {
    return new Deal.Accept(Samples.acceptance(), Refs.DEAL_REPLY);
  }

  private static Deal.Change stop() {
    return new Deal.Stop(Samples.JOB, 1, List.of(Samples.cancel()));
  }

  private static Deal.Change freed() {
    return new Deal.SliceFreed();
  }

  private static Deal.Change ended(DealPhase phase) {
    return new Deal.EndAnswered(Samples.receipt(phase, 1_100));
  }
}
