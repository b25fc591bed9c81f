package network.lilypad.protocol.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.serializer.KryoWords.Numbered;
import network.lilypad.protocol.serializer.KryoWords.Word;
import org.apache.pekko.actor.typed.ActorRef;

/// All words of all modules with their numbers, checked when the node starts: no number twice, none outside its
/// module's block, no component that could not be read back.
final class Vocabulary {
  /// How deeply words may hold words: twice what the deepest one needs.
  private static final int MAX_DEPTH = 8;

  private final Map<Integer, Class<? extends Record>> words = new TreeMap<>();
  private final Map<Integer, RecordSerializer<?>> serializers = new TreeMap<>();
  private final Map<Class<?>, Part> parts = new HashMap<>(ValueParts.ALL);

  Vocabulary(List<KryoWords> modules, RefText refs) {
    modules.forEach(module -> module.enums().forEach(numbered -> parts.put(numbered.type(), part(numbered))));
    modules.forEach(module -> module.words().forEach(word -> add(module.firstId(), word)));
    var finder = new PartFinder(parts, Part.text(ActorRef.class, refs::write, refs::read));
    words.forEach((id, type) -> serializers.put(id, serializer(type, finder)));
  }

  /// A Kryo that knows exactly these words; for one thread at a time.
  Kryo kryo() {
    var kryo = new Kryo();
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.setMaxDepth(MAX_DEPTH);
    words.forEach((id, type) -> kryo.register(type, serializers.get(id), id));
    return kryo;
  }

  /// The registered records by number.
  Map<Integer, Class<? extends Record>> words() {
    return words;
  }

  private void add(int first, Word word) {
    Defect.unless(first > 0 && first % KryoWords.BLOCK == 0 && first <= word.id()
        && word.id() < first + KryoWords.BLOCK, word + " (expected: an id in the module's block from " + first + ")");
    var other = words.putIfAbsent(word.id(), word.type());
    Defect.unless(other == null, word + " and " + other + " (expected: one record for an id)");
    var twice = parts.putIfAbsent(word.type(), Part.word(word.type()));
    Defect.unless(twice == null, word + " (expected: registered once)");
  }

  private static <E extends Enum<E>> Part part(Numbered<E> numbered) {
    return Part.of(numbered.type(), (out, value) -> out.writeInt(numbered.number().applyAsInt(value), true), in -> {
      int number = in.readInt(true);
      try {
        return numbered.of().apply(number);
      } catch (IllegalArgumentException e) {
        throw new KryoException(numbered.type().getName() + ": " + number + " (expected: a known number)", e);
      }
    });
  }

  private static <R extends Record> RecordSerializer<R> serializer(Class<R> type, PartFinder finder) {
    return new RecordSerializer<>(type,
        Stream.of(type.getRecordComponents()).map(component -> part(component, finder)).toList());
  }

  private static Part part(RecordComponent component, PartFinder finder) {
    return finder.find(component.getGenericType()).orElseThrow(() -> new Defect("kryo: "
        + component.getDeclaringRecord().getName() + " has " + component + " (expected: a primitive, text, numbered "
        + "enum, id, actor reference, public value, word, or a list of these)"));
  }
}
