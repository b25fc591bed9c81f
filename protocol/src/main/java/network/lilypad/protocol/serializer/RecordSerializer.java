package network.lilypad.protocol.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.protocol.Defect;

/// A record as its components in their order, without names or lengths. Stateless.
///
/// @param <R> the record
final class RecordSerializer<R extends Record> extends Serializer<R> {
  private final Constructor<R> constructor;
  private final List<Method> accessors;
  private final List<Part> parts;

  /// @param parts how to write each component, in their order
  RecordSerializer(Class<R> type, List<Part> parts) {
    super(false, true);
    this.parts = parts;
    this.accessors = Stream.of(type.getRecordComponents()).map(RecordComponent::getAccessor).toList();
    try {
      this.constructor = type.getConstructor(
          Stream.of(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new Defect("word " + type.getName() + ": " + e + " (expected: a public record)");
    }
  }

  @Override public void write(Kryo kryo, Output out, R value) {
    try {
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).write(kryo, out, accessors.get(i).invoke(value));
      }
    } catch (ReflectiveOperationException e) {
      throw new KryoException("word: " + value + " (expected: readable components)", e);
    }
  }

  @Override public R read(Kryo kryo, Input in, Class<? extends R> type) {
    var components = parts.stream().map(part -> part.read(kryo, in)).toArray();
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      throw new KryoException(type.getName() + ": components out of bounds (expected: those of a sent word)", e);
    } catch (ReflectiveOperationException e) {
      throw new Defect("word " + type.getName() + ": " + e + " (expected: a public constructor)");
    }
  }
}
