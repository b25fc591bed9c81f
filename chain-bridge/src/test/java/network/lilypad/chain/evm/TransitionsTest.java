package network.lilypad.chain.evm;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The transition table of a deal, whole: what each call does in each state, at a time when no deadline speaks against
/// it. So every call is also repeated after itself.
final class TransitionsTest extends MarketFixture {
  private static final Panel PANEL = Panel.of(3, 2, 1000);

  private static final Map<String, Function<Trade, Call>> CALLS = calls();
  /// Where a deal can stay without its deadline passing while a row is played.
  private static final long DAY = 24 * 3600;

  /// How a state is reached, and where each call leads that is not refused there.
  enum From {
    NOTHING(0, List.of(),
        Map.of("openDeal", 1, "openAndSettle", 3, "openDeal again", 1, "openAndSettle again", 3, "revoke", 11)), AGREED(
            1, List.of("openDeal"),
            Map.of("submitResult", 2, "acceptOutcome", 3, "cancel", 11, "release", 13, "lapse", 12)), AGREED_LATE(1,
                List.of("openDeal", "pass"),
                Map.of("acceptOutcome", 3, "cancel", 11, "lapse", 12, "timeoutSubmit", 8)), RESULTS_SUBMITTED(2,
                    List.of("openDeal", "submitResult"),
                    Map.of("acceptResult", 3, "checkResult", 4)), RESULTS_SUBMITTED_LATE(2,
                        List.of("openDeal", "submitResult", "pass"),
                        Map.of("acceptResult", 3, "settle", 9)), RESULTS_ACCEPTED(3,
                            List.of("openDeal", "acceptOutcome"), Map.of()), RESULTS_CHECKED(4,
                                List.of("openDeal", "submitResult", "checkResult"),
                                Map.of("decide OK", 5, "decide BAD", 6, "decide NONDET", 5, "decide NO_INPUT", 15,
                                    "decide ABSTAIN", 15)), RESULTS_CHECKED_LATE(4,
                                        List.of("openDeal", "submitResult", "checkResult", "pass"),
                                        Map.of("timeoutMediate", 10)), MEDIATION_ACCEPTED(5,
                                            List.of("openDeal", "submitResult", "checkResult", "decide OK"),
                                            Map.of()), MEDIATION_REJECTED(6,
                                                List.of("openDeal", "submitResult", "checkResult", "decide BAD"),
                                                again()), TIMEOUT_SUBMIT_RESULTS(8,
                                                    List.of("openDeal", "pass", "timeoutSubmit"),
                                                    again()), TIMEOUT_JUDGE_RESULTS(9,
                                                        List.of("openDeal", "submitResult", "pass", "settle"),
                                                        Map.of()), TIMEOUT_MEDIATE_RESULTS(
                                                            10, List.of("openDeal", "submitResult", "checkResult",
                                                                "pass", "timeoutMediate"),
                                                            again()), CANCELLED(11, List.of("openDeal", "cancel"),
                                                                Map.of()), REVOKED(11, List.of("revoke"),
                                                                    Map.of()), LAPSED(12,
                                                                        List.of("openDeal", "lapse"),
                                                                        again()), RELEASED(13,
                                                                            List.of("openDeal", "release"),
                                                                            again()), NO_VERDICT(15,
                                                                                List.of("openDeal", "submitResult",
                                                                                    "checkResult",
                                                                                    "decide ABSTAIN"),
                                                                                again());

    final int state;
    final List<String> steps;
    final Map<String, Integer> leads;

    From(int state, List<String> steps, Map<String, Integer> leads) {
      this.state = state;
      this.steps = steps;
      this.leads = leads;
    }

    /// After an end without pay.
    private static Map<String, Integer> again() {
      return Map.of("openDeal again", 1, "openAndSettle again", 3, "revoke", 11);
    }
  }

  TransitionsTest(Evm evm) {
    super(evm);
  }

  private static Map<String, Function<Trade, Call>> calls() {
    var calls = new LinkedHashMap<String, Function<Trade, Call>>();
    calls.put("openDeal", Trade::open);
    calls.put("openAndSettle", Trade::openAndSettle);
    calls.put("openDeal again", trade -> second(trade).open());
    calls.put("openAndSettle again", trade -> second(trade).openAndSettle());
    calls.put("submitResult", Trade::submit);
    calls.put("acceptResult", Trade::accept);
    calls.put("acceptOutcome", Trade::acceptOutcome);
    calls.put("settle", Trade::settle);
    calls.put("cancel", Trade::cancel);
    calls.put("revoke", Trade::revoke);
    calls.put("release", Trade::release);
    calls.put("lapse", Trade::lapse);
    calls.put("timeoutSubmit", Trade::timeoutSubmit);
    calls.put("checkResult", Trade::check);
    calls.put("timeoutMediate", Trade::timeoutMediate);
    var verdicts = List.of("OK", "BAD", "NONDET", "NO_INPUT", "ABSTAIN");
    for (int i = 0; i < verdicts.size(); i++) {
      int verdict = i + 1;
      calls.put("decide " + verdicts.get(i), trade -> trade.decide(PANEL, verdict, 0, 1));
    }
    return calls;
  }

  private static Trade second(Trade trade) {
    return trade.again(2, draft -> draft.submitBy = trade.lease().submitBy());
  }

  private Trade reached(From from) {
    long submitBy = evm.now() + DAY;
    var trade = market.trade(d -> {
      d.panel = PANEL.id();
      d.submitBy = submitBy;
      d.openBy = submitBy + 10 * DAY;
      d.validUntil = submitBy + 10 * DAY;
      d.reviewSeconds = 1000;
    });
    for (var step : from.steps) {
      if (step.equals("pass")) {
        evm.pass(DAY + 10);
      } else {
        call(step, trade).send();
      }
    }
    return trade;
  }

  private static Call call(String name, Trade trade) {
    return Stream.ofNullable(CALLS.get(name)).findFirst().orElseThrow().apply(trade);
  }

  @ParameterizedTest
  @EnumSource void each_call_leads_where_the_table_says_and_all_others_are_refused(From from) {
    var trade = reached(from);
    var before = market.slot(trade.job());
    assertThat(before.state()).isEqualTo(from.state);
    // when: each is tried on the same state
    var led = new LinkedHashMap<String, Integer>();
    for (var name : CALLS.keySet()) {
      var mark = evm.snapshot();
      try {
        call(name, trade).send();
        led.put(name, (int) market.slot(trade.job()).state());
      } catch (Reverted refusal) {
        assertThat(refusal.name()).as("%s in %s", name, from)
            .isIn("NotFound", "WrongState", "JobEnded", "LedgerConflict", "TooEarly", "TooLate");
        assertThat(market.slot(trade.job())).isEqualTo(before);
      }
      market.assertConserved();
      evm.revert(mark);
    }
    // then
    assertThat(led).isEqualTo(from.leads);
  }

  @ParameterizedTest
  @EnumSource void a_state_is_called_as_the_market_calls_it(From from) {
    var names = Stream.of(DealPhase.values()).collect(toMap(DealPhase::number, DealPhase::name));
    names.put(0, "NOTHING");
    assertThat(from.name().replace("_LATE", "").replace("REVOKED", "CANCELLED")).isEqualTo(names.get(from.state));
  }
}
