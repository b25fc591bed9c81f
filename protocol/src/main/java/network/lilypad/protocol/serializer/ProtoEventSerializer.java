package network.lilypad.protocol.serializer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.lilypad.protocol.Defect;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/// Events and snapshots in the journal: protobuf under a short manifest that is for ever, never a class name.
///
/// An entity's serializer extends this with its own identifier and kinds. A kind that is no longer written stays, so
/// that old journals replay; a changed event is a new kind with a new manifest.
public abstract class ProtoEventSerializer extends SerializerWithStringManifest {
  /// Short, without the dots of a class name: it is stored with every event.
  private static final Pattern MANIFEST = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final int identifier;
  private final Map<String, Kind<?>> byManifest;
  private final Map<Class<?>, Kind<?>> byType;

  /// @param identifier this serializer's number, for ever, above 40 (Pekko's own are below)
  /// @param kinds all kinds that may be in a journal, the newest of a type first
  /// @throws Defect if a manifest is no short name or is used twice
  protected ProtoEventSerializer(int identifier, List<? extends Kind<?>> kinds) {
    Defect.unless(identifier > 40, "serializer identifier: " + identifier + " (expected: above Pekko's own, 40)");
    kinds.forEach(kind -> Defect.unless(MANIFEST.matcher(kind.manifest()).matches(),
        "manifest: " + kind.manifest() + " (expected: " + MANIFEST + ")"));
    this.identifier = identifier;
    this.byManifest = kinds.stream().collect(Collectors.toUnmodifiableMap(Kind::manifest, kind -> kind, (a, b) -> {
      throw new Defect("manifest: " + a.manifest() + " of " + a.type() + " and " + b.type() + " (expected: one)");
    }));
    this.byType = kinds.stream().collect(Collectors.toUnmodifiableMap(Kind::type, kind -> kind, (newest, _) -> newest));
  }

  @Override public final int identifier() {
    return identifier;
  }

  @Override public final String manifest(Object event) {
    return kind(event).manifest();
  }

  @Override public final byte[] toBinary(Object event) {
    return kind(event).encode(event);
  }

  @Override public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    var kind = Optional.ofNullable(byManifest.get(manifest))
        .orElseThrow(() -> new NotSerializableException("event manifest: " + manifest + " (expected: one of "
            + byManifest.keySet() + ")"));
    try {
      return kind.reader().read(bytes);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new NotSerializableException("event " + manifest + ": " + e.getMessage());
    }
  }

  private Kind<?> kind(Object event) {
    return Optional.ofNullable(byType.get(event.getClass())).orElseThrow(() -> new IllegalArgumentException(
        "event: " + event.getClass().getName() + " (expected: one of " + byManifest.keySet() + ")"));
  }

  /// One kind of event in the journal.
  ///
  /// @param manifest its name for ever: lower-case letters, digits and hyphens, at most 32
  /// @param type the record it is in memory
  /// @param writer the event as its message
  /// @param reader the event of its message's bytes; throws [IllegalArgumentException] for values out of bounds
  public record Kind<E>(String manifest, Class<E> type, Function<E, ? extends MessageLite> writer,
      Reader<? extends E> reader) {
    private byte[] encode(Object event) {
      return writer.apply(type.cast(event)).toByteArray();
    }
  }

  /// Reads an event.
  @FunctionalInterface
  protected interface Reader<E> {
    /// @throws InvalidProtocolBufferException if the bytes are not its message
    E read(byte[] bytes) throws InvalidProtocolBufferException;
  }
}
