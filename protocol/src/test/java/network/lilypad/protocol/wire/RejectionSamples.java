package network.lilypad.protocol.wire;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.protocol.Rejection;

/// One of every kind of rejection, found by reflection so that none can be forgotten.
final class RejectionSamples {
  private RejectionSamples() {}

  static List<Rejection> all() {
    return Stream.of(Rejection.class.getPermittedSubclasses()).map(RejectionSamples::of).toList();
  }

  private static Rejection of(Class<?> kind) {
    var components = kind.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values = IntStream.range(0, components.length)
        .mapToObj(i -> types[i] == long.class ? (Object) (1000L + i) : components[i].getName() + " é " + i).toArray();
    try {
      return (Rejection) kind.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(kind + " (expected: a public record of text and long numbers)", e);
    }
  }
}
