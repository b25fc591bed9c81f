package network.lilypad.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.value.DealPhase;
import org.junit.jupiter.api.Test;

/// The numbers that this module's README promises are the code's.
class ReadmeTest {
  private static final Path README = Path.of(
      Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"), "protocol/README.md");

  @Test void the_table_of_rejections_lists_exactly_what_there_is() throws IOException {
    var kinds = Stream.of(Rejection.class.getPermittedSubclasses()).map(ReadmeTest::code)
        .collect(Collectors.toList());
    assertThat(rows("Rejections").map(row -> String.join(" ", row.get(0), row.get(1), row.get(3))))
        .containsExactlyElementsOf(kinds);
  }

  @Test void only_rejections_with_retry_advice_say_so() throws IOException {
    var retrying = rows("Rejections").filter(row -> row.get(4).equals("after `retryAfterMillis`"))
        .map(row -> row.get(1)).toList();
    assertThat(retrying).containsExactly("Overloaded", "Unavailable");
  }

  @Test void the_table_of_deal_states_lists_exactly_what_there_is() throws IOException {
    var phases = Stream.of(DealPhase.values()).map(phase -> phase.number() + " " + phase.name() + " "
        + (phase.terminal() ? "yes" : "no") + " " + (phase.paid() ? "yes" : "no")).toList();
    assertThat(rows("Deal states").map(row -> String.join(" ", row.subList(0, 4)))).containsExactlyElementsOf(phases);
  }

  private static String code(Class<?> kind) {
    var components = kind.getRecordComponents();
    var values = Stream.of(components).map(c -> c.getType() == long.class ? (Object) 0L : "").toArray();
    var types = Stream.of(components).map(c -> c.getType()).toArray(Class<?>[]::new);
    try {
      var why = (Rejection) kind.getConstructor(types).newInstance(values);
      return why.code() + " " + kind.getSimpleName() + " "
          + Stream.of(components).map(c -> "`" + c.getName() + "`").collect(Collectors.joining(", "));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(kind + " (expected: a public record of text and long numbers)", e);
    }
  }

  /// The cells of the first table under a heading.
  private static Stream<List<String>> rows(String heading) throws IOException {
    return Files.readAllLines(README).stream().dropWhile(line -> !line.equals("## " + heading)).skip(1)
        .takeWhile(line -> !line.startsWith("## ")).filter(line -> line.startsWith("| ")).skip(1)
        .map(line -> Stream.of(line.substring(1).split("\\|")).map(String::strip).toList());
  }
}
