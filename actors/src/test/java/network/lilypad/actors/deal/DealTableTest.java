package network.lilypad.actors.deal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import network.lilypad.actors.GoldenTable;
import network.lilypad.actors.Named;
import network.lilypad.actors.Samples;
import network.lilypad.actors.simulation.Refs;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import org.junit.jupiter.api.Test;

class DealTableTest {
  static final Rejection WHY = new Rejection.MachineUnavailable("m", "why");

  @Test void the_deals_table_is_the_committed_one() throws IOException {
    GoldenTable.matches("deal.txt", "at 1080\n" + GoldenTable.of(states(), commands(), events(), 1_080)
        + "at 1561\n" + GoldenTable.of(states(), late(), List.of(), 1_561));
  }

  @Test void the_cause_table_is_the_committed_one() throws IOException {
    GoldenTable.matches("cause.txt", Arrays.stream(Cause.values())
        .map(cause -> "%2d %-20s %-14s %-10s %s".formatted(cause.number(), cause, cause.next(),
            cause.counted() ? "counted" : "-", cause.excludes() ? "excludes" : "-").stripTrailing() + "\n")
        .collect(Collectors.joining())
        + "\n" + Arrays.stream(DealPhase.values())
            .map(phase -> "%-24s %s".formatted(phase, DealRules.causeOf(phase)) + "\n").collect(Collectors.joining()));
  }

  static List<Named<DealState>> states() {
    var terms = Samples.terms();
    var lease = Samples.lease();
    return List.of(new Named<>("Unproposed", new DealState.Unproposed(terms.deal())),
        new Named<>("Proposed", new DealState.Proposed(terms, 1_000)),
        new Named<>("Unwinding, refused", new DealState.Unwinding(terms, Cause.REFUSED, List.of(), "", 1_010)),
        new Named<>("Unwinding, cancelled",
            new DealState.Unwinding(terms, Cause.CANCELLED, List.of(Samples.cancel()), "", 1_010)),
        new Named<>("Agreed", new DealState.Agreed(terms, lease, 1_010)),
        new Named<>("InReview", new DealState.InReview(terms, lease, 1_010, Samples.result(), 1_075, 0)),
        new Named<>("InReview, committed",
            new DealState.InReview(terms, lease, 1_010, Samples.result(), 1_075, 1_076)),
        new Named<>("Settling, accepted", settling(Cause.COMPLETED, List.of(accepted()))),
        new Named<>("Settling, never opened", settling(Cause.REFUSED, List.of())));
  }

  static Bridge.Ending accepted() {
    return new Bridge.Accepted(Samples.result(), Samples.acceptance());
  }

  private static DealState settling(Cause cause, List<Bridge.Ending> ending) {
    var phase = ending.isEmpty() ? DealPhase.TIMEOUT_AGREE : ending.getFirst().phase();
    return new DealState.Settling(Samples.terms(), phase, cause, ending, true, "", 1_078);
  }

  private static Named<Deal.Change> named(String name, Deal.Change command) {
    return new Named<>(name, command);
  }

  private static List<Named<Deal.Change>> late() {
    return List.of(named("Tick", new Deal.Tick()),
        named("SubmitAnswered too late", new Deal.SubmitAnswered(refused(new Rejection.TooLate("submission", 1, 2)))),
        named("SubmitResult", new Deal.SubmitResult(Samples.result(), Refs.DEAL_REPLY)),
        named("GiveBack", new Deal.GiveBack(Samples.release(), Refs.DEAL_REPLY)));
  }

  private static Bridge.Refused refused(Rejection why) {
    return new Bridge.Refused("", why);
  }

  private static List<Named<Deal.Change>> commands() {
    var broke = new Rejection.InsufficientFunds(Samples.CREATOR.toString(), 2, 1);
    var poor = new Rejection.InsufficientFunds(Samples.PROVIDER.toString(), 2, 1);
    var busy = new Rejection.Unavailable("ledger", 10);
    var greedy = Samples.signed(Samples.PROVIDER,
        new Result(Samples.JOB.deal(1), Bytes32.ZERO, Lp.gwei(101), 1_020, 1_070));
    return List.of(named("Propose", new Deal.Propose(Samples.terms(), Refs.ANSWER)),
        named("Claimed", new Deal.Claimed()), named("ClaimRefused", new Deal.ClaimRefused(WHY)),
        named("LeaseGranted", new Deal.LeaseGranted(Samples.lease())),
        named("LeaseGranted at another price", new Deal.LeaseGranted(dearer())),
        named("LeaseRefused for now", new Deal.LeaseRefused(WHY)),
        named("LeaseRefused", new Deal.LeaseRefused(new Rejection.AgentRefused("no"))),
        named("OpenAnswered opened", open(Samples.receipt(DealPhase.AGREED, 1_011))),
        named("OpenAnswered busy", open(refused(busy))),
        named("OpenAnswered creator broke", open(refused(broke))),
        named("OpenAnswered provider broke", open(refused(poor))),
        named("OpenAnswered too late", open(refused(new Rejection.TooLate("opening", 1, 2)))),
        named("AnnulAnswered opened", new Deal.AnnulAnswered(Samples.receipt(DealPhase.AGREED, 1_011))),
        named("AnnulAnswered never", new Deal.AnnulAnswered(Samples.receipt(DealPhase.TIMEOUT_AGREE, 1_011))),
        named("AnnulAnswered busy", new Deal.AnnulAnswered(refused(busy))),
        named("SubmitAnswered committed", new Deal.SubmitAnswered(Samples.receipt(DealPhase.RESULTS_SUBMITTED, 1_076))),
        named("SubmitAnswered ended", new Deal.SubmitAnswered(Samples.receipt(DealPhase.RESULTS_ACCEPTED, 1_076))),
        named("SubmitAnswered busy", new Deal.SubmitAnswered(refused(busy))),
        named("EndAnswered accepted", new Deal.EndAnswered(Samples.receipt(DealPhase.RESULTS_ACCEPTED, 1_079))),
        named("EndAnswered otherwise", new Deal.EndAnswered(Samples.receipt(DealPhase.LAPSED, 1_079))),
        named("EndAnswered not yet", new Deal.EndAnswered(Samples.receipt(DealPhase.RESULTS_SUBMITTED, 1_079))),
        named("EndAnswered busy", new Deal.EndAnswered(refused(busy))),
        named("RunAcknowledged", new Deal.RunAcknowledged()), named("RunForgotten", new Deal.RunForgotten(1)),
        named("RunForgotten, old epoch", new Deal.RunForgotten(0)), named("SliceFreed", new Deal.SliceFreed()),
        named("JobTold", new Deal.JobTold()),
        named("SubmitResult", new Deal.SubmitResult(Samples.result(), Refs.DEAL_REPLY)),
        named("SubmitResult, too dear", new Deal.SubmitResult(greedy, Refs.DEAL_REPLY)),
        named("SubmitResult by a stranger", new Deal.SubmitResult(
            Samples.signed(Samples.STRANGER, Samples.result().word()), Refs.DEAL_REPLY)),
        named("SubmitResult of another deal", new Deal.SubmitResult(Samples.signed(Samples.PROVIDER,
            new Result(new DealId(Bytes32.ZERO), Bytes32.ZERO, Lp.ZERO, 1_020, 1_070)), Refs.DEAL_REPLY)),
        named("Accept", new Deal.Accept(Samples.acceptance(), Refs.DEAL_REPLY)),
        named("Accept by a stranger", new Deal.Accept(
            Samples.signed(Samples.STRANGER, Samples.acceptance().word()), Refs.DEAL_REPLY)),
        named("GiveBack", new Deal.GiveBack(Samples.release(), Refs.DEAL_REPLY)),
        named("GiveBack by a stranger", new Deal.GiveBack(
            Samples.signed(Samples.STRANGER, Samples.release().word()), Refs.DEAL_REPLY)),
        named("Stop, cancelled", new Deal.Stop(Samples.JOB, 1, List.of(Samples.cancel()))),
        named("Stop, ran out", new Deal.Stop(Samples.JOB, 1, List.of())),
        named("ProviderSilent", new Deal.ProviderSilent(1)),
        named("ProviderSilent, old epoch", new Deal.ProviderSilent(0)), named("Tick", new Deal.Tick()));
  }

  private static Deal.OpenAnswered open(Bridge.Reply reply) {
    return new Deal.OpenAnswered(Samples.lease(), reply);
  }

  private static Signed<Lease> dearer() {
    var word = Samples.leaseWord();
    return Samples.signed(Samples.PROVIDER, new Lease(word.job(), word.attempt(),
        word.provider(), word.offer(), word.epoch(), Lp.gwei(201), word.collateral(), word.ttlSeconds(), word.openBy(),
        word.submitBy(), word.extra()));
  }

  private static List<Named<Deal.Event>> events() {
    return List.of(new Named<>("Proposed", new Deal.Proposed(Samples.terms(), 1_080)),
        new Named<>("Stopping", new Deal.Stopping(Cause.CANCELLED, List.of(Samples.cancel()), "", 1_080)),
        new Named<>("Opened", new Deal.Opened(Samples.lease(), 1_080)),
        new Named<>("Submitted", new Deal.Submitted(Samples.result(), 1_080)),
        new Named<>("Committed", new Deal.Committed(1_080)),
        new Named<>("Ended", new Deal.Ended(Cause.COMPLETED, List.of(accepted()), "", 1_080)),
        new Named<>("Overruled", new Deal.Overruled(DealPhase.LAPSED, 1_080)));
  }
}
