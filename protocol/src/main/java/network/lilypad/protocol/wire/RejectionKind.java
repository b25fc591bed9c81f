package network.lilypad.protocol.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

/// One kind of rejection: its code, and how its components are read from text. Found by reflection over the sealed
/// interface, so that a new kind needs no line here.
///
/// @param code its number
/// @param constructor makes one
/// @param components in their order
record RejectionKind(int code, Constructor<? extends Rejection> constructor, List<RecordComponent> components) {

  static RejectionKind of(Class<?> type) {
    try {
      var kind = type.asSubclass(Rejection.class);
      var components = List.of(kind.getRecordComponents());
      var constructor = kind.getDeclaredConstructor(types(components));
      var blank = constructor.newInstance(components.stream().map(c -> isNumber(c) ? (Object) 0L : "").toArray());
      return new RejectionKind(blank.code(), constructor, components);
    } catch (ReflectiveOperationException e) {
      throw new Defect("rejection " + type + ": " + e + " (expected: a record of text and long numbers)");
    }
  }

  /// Empty if the texts are not what this kind's components take.
  Optional<Rejection> read(List<String> texts) {
    if (texts.size() != components.size()) {
      return Optional.empty();
    }
    try {
      return Optional.of(constructor.newInstance(values(texts)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new Defect("rejection " + code + ": " + e + " (expected: a record that takes any text and number)");
    }
  }

  static List<String> attributes(Rejection why) {
    return Stream.of(why.getClass().getRecordComponents()).map(component -> attribute(why, component)).toList();
  }

  private static String attribute(Rejection why, RecordComponent component) {
    try {
      return component.getAccessor().invoke(why).toString();
    } catch (ReflectiveOperationException e) {
      throw new Defect("rejection " + why + ": " + e + " (expected: a public record)");
    }
  }

  private Object[] values(List<String> texts) {
    return IntStream.range(0, texts.size())
        .mapToObj(i -> isNumber(components.get(i)) ? (Object) Long.valueOf(texts.get(i)) : texts.get(i)).toArray();
  }

  private static Class<?>[] types(List<RecordComponent> components) {
    return components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
  }

  private static boolean isNumber(RecordComponent component) {
    return component.getType() == long.class;
  }
}
