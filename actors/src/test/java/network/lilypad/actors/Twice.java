package network.lilypad.actors;

import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.EntityState;

/// Plays a history and, after each of its steps, every command so far once more.
public final class Twice {
  private Twice() {}

  /// A command and its ledger second.
  public record Step<C>(long at, C command) {}

  /// What a repeat did that it should not have, as `command in State: what`; the history's own steps must not be
  /// refused.
  public static <S extends EntityState<S, C, E>, C, E> List<String> faults(S beginning, List<Step<C>> history) {
    var faults = new ArrayList<String>();
    S state = beginning;
    for (int i = 0; i < history.size(); i++) {
      var step = history.get(i);
      var decision = state.decide(step.command(), step.at());
      if (decision instanceof Decision.Reject<E>(var why)) {
        faults.add("history: " + name(step.command()) + ": " + why);
      }
      if (decision instanceof Decision.Persist<E>(var events)) {
        for (E event : events) {
          state = state.apply(event);
        }
      }
      for (var earlier : history.subList(0, i + 1)) {
        fault(state, earlier.command(), step.at(), faults);
      }
    }
    return faults.stream().distinct().toList();
  }

  private static <S extends EntityState<S, C, E>, C, E> void fault(S state, C command, long now, List<String> faults) {
    String where = name(command) + " in " + name(state) + ": ";
    switch (state.decide(command, now)) {
      case Decision.Persist(var events) -> faults.add(where + GoldenTable.names(events));
      case Decision.Reject(var why) -> faults.add(where + name(why));
      case Decision.AlreadyDone(),Decision.Proceed(_) -> {
      }
    }
  }

  private static String name(Object value) {
    return value.getClass().getSimpleName();
  }
}
