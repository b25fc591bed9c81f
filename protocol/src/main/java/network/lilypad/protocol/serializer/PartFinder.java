package network.lilypad.protocol.serializer;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import org.apache.pekko.actor.typed.ActorRef;

/// Finds how a component of a declared type is written.
///
/// @param known parts by class: values, enums and registered words
/// @param ref how actor references are written
record PartFinder(Map<Class<?>, Part> known, Part ref) {
  /// Empty for a type that no component may have.
  Optional<Part> find(Type type) {
    return switch (type) {
      case Class<?> plain -> find(plain);
      case ParameterizedType generic -> find(generic);
      default -> Optional.empty();
    };
  }

  private Optional<Part> find(Class<?> type) {
    return known.containsKey(type) || !isWords(type) ? Optional.ofNullable(known.get(type))
        : Optional.of(Part.oneOf(type));
  }

  private Optional<Part> find(ParameterizedType type) {
    var argument = type.getActualTypeArguments()[0];
    if (type.getRawType() == ActorRef.class) {
      return Optional.of(ref);
    }
    if (type.getRawType() == List.class) {
      return find(argument).map(Part::list);
    }
    return type.getRawType() == Signed.class && argument instanceof Class<?> word
        ? Optional.of(ValueParts.signed(word.asSubclass(Signable.class)))
        : Optional.empty();
  }

  /// Whether it is a sealed type whose every record is registered.
  private boolean isWords(Class<?> type) {
    return type.isSealed() && Stream.of(type.getPermittedSubclasses())
        .allMatch(permitted -> known.containsKey(permitted) || isWords(permitted));
  }
}
