package network.lilypad.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.EntityState;

/// A state machine as a table a person can read, compared with the committed one. Written anew with
/// `-Dgolden.write=true`; then read the difference before you commit it.
///
/// `!` events happen, `>` the world is told because of them; `~` goes on without remembering; `=` obeyed before; `x`
/// refused.
public final class GoldenTable {
  private GoldenTable() {}

  /// What each command does in each state, and where each event leads.
  ///
  /// @param now ledger seconds of every command
  public static <S extends EntityState<S, C, E>, C, E> String of(List<Named<S>> states, List<Named<C>> commands,
      List<Named<E>> events, long now) {
    var text = new StringBuilder();
    for (var state : states) {
      text.append(state.name()).append(terms(state.value())).append('\n');
      commands.forEach(command -> text.append("  %-34s %s%n".formatted(command.name(),
          outcome(state.value(), command.value(), now))));
      events.forEach(event -> next(state.value(), event.value()).ifPresent(
          next -> text.append("  + %-32s %s%n".formatted(event.name(), next))));
      text.append('\n');
    }
    return text.toString();
  }

  private static String terms(EntityState<?, ?, ?> state) {
    return "   owes " + names(state.outstanding()) + (state.terminal() ? ", terminal" : "")
        + (state.wakeAt().isPresent() ? ", wakes at " + state.wakeAt().getAsLong() : "");
  }

  private static <S extends EntityState<S, C, E>, C, E> String outcome(S state, C command, long now) {
    String settled = state.settledBy(command).isEmpty() ? "" : "   settles " + names(state.settledBy(command));
    return switch (state.decide(command, now)) {
      case Decision.Persist(var events) -> {
        S after = state;
        for (E event : events) {
          after = after.apply(event);
        }
        var told = new ArrayList<>(after.outstanding());
        told.removeAll(state.outstanding());
        yield "! " + names(events) + (told.isEmpty() ? "" : " > " + names(told));
      }
      case Decision.Proceed(var effects) -> "~ " + names(effects);
      case Decision.AlreadyDone() -> "=";
      case Decision.Reject(var why) -> "x " + why.getClass().getSimpleName();
    } + settled;
  }

  private static <S extends EntityState<S, C, E>, C, E> Optional<String> next(S state, E event) {
    try {
      return Optional.of(state.apply(event).getClass().getSimpleName());
    } catch (Defect _) {
      return Optional.empty();
    }
  }

  /// The simple names, the way a row shows them.
  static String names(List<?> values) {
    Function<Object, String> name = value -> value.getClass().getSimpleName();
    return values.isEmpty() ? "nothing" : values.stream().map(name).collect(Collectors.joining(", "));
  }

  /// Compares with the committed file.
  public static void matches(String file, String actual) throws IOException {
    var path = Path.of(System.getProperty("lilypad.root", "."), "actors/src/test/resources/golden", file);
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, actual);
    }
    assertThat(path).content().as("golden table %s; -Dgolden.write=true writes it anew", file).isEqualTo(actual);
  }
}
