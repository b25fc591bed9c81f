package network.lilypad.protocol.serializer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.serializer.KryoWords.Word;
import network.lilypad.protocol.value.Engine;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class KryoWireTest {
  private static final RefText NO_REFS = new RefText() {
    @Override public String write(ActorRef<?> ref) {
      throw new AssertionError("no references here");
    }

    @Override public ActorRef<Object> read(String text) {
      throw new AssertionError("no references here");
    }
  };

  /// A word.
  public record Plain(long number) {}

  /// Another.
  public record Other(String text) {}

  /// Its enum has no numbers.
  public record Unnumbered(Engine engine) {}

  /// Not a component that could be frozen.
  public record Loose(Map<String, String> map) {}

  @Test void a_number_used_twice_stops_the_start() {
    assertRefused("one record for an id", new Word(9001, Plain.class), new Word(9001, Other.class));
  }

  @Test void a_record_registered_twice_stops_the_start() {
    assertRefused("registered once", new Word(9001, Plain.class), new Word(9002, Plain.class));
  }

  @Test void a_number_outside_the_modules_block_stops_the_start() {
    assertRefused("in the module's block from 9000", new Word(8999, Plain.class));
    assertRefused("in the module's block from 9000", new Word(10_000, Plain.class));
  }

  @Test void an_enum_without_explicit_numbers_stops_the_start() {
    assertRefused("numbered enum", new Word(9001, Unnumbered.class));
  }

  @Test void a_component_of_a_loose_type_stops_the_start() {
    assertRefused("has java.util.Map", new Word(9001, Loose.class));
  }

  private static void assertRefused(String message, Word... words) {
    var module = new KryoWords() {
      @Override public int firstId() {
        return 9000;
      }

      @Override public List<Word> words() {
        return List.of(words);
      }
    };
    assertThatThrownBy(() -> new KryoWire(List.of(module), NO_REFS)).isInstanceOf(Defect.class)
        .hasMessageContaining(message);
  }
}
