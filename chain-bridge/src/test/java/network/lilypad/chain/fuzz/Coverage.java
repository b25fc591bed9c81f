package network.lilypad.chain.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the random calls have reached: a comparison that never gets anywhere would prove nothing.
final class Coverage {
  private static final Set<String> VERBS = Set.of("openDeal", "openAndSettle", "submitResult", "acceptResult",
      "acceptOutcome", "settle", "cancel", "revoke", "release", "lapse", "timeoutSubmit", "checkResult", "decide",
      "timeoutMediate", "deposit", "requestWithdrawal", "cancelWithdrawal", "withdraw", "setAgent");
  private static final Set<Integer> STATES = Set.of(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15);

  private final TreeMap<String, Integer> done = new TreeMap<>();
  private final TreeMap<String, Integer> refused = new TreeMap<>();
  private final TreeSet<Integer> states = new TreeSet<>();

  void saw(String verb, boolean happened) {
    (happened ? done : refused).merge(verb, 1, Integer::sum);
  }

  void state(int state) {
    states.add(state);
  }

  int calls() {
    return done.values().stream().mapToInt(Integer::intValue).sum()
        + refused.values().stream().mapToInt(Integer::intValue).sum();
  }

  void assertComplete() {
    assertThat(done.keySet()).as("verbs that were carried out").containsAll(VERBS);
    assertThat(refused.keySet()).as("verbs that were refused")
        .containsAll(VERBS.stream().filter(verb -> !verb.equals("setAgent") && !verb.equals("deposit")).toList());
    assertThat(states).as("states that a job was in").containsAll(STATES);
  }

  @Override public String toString() {
    return calls() + " calls; done " + done + ", refused " + refused + ", states " + states;
  }
}
