package network.lilypad.protocol.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// How one component of a record is written and read. Stateless: shared by all Kryo instances. Kinds of components are
/// found by reflection, so a part takes any object and casts it to its own type.
interface Part {
  void write(Kryo kryo, Output out, Object value);

  Object read(Kryo kryo, Input in);

  /// How a component is written.
  interface Writer<T> {
    void write(Output out, T value);
  }

  /// How a public value's message is read.
  interface Parser {
    Object parse(byte[] bytes) throws InvalidProtocolBufferException;
  }

  /// A part that holds no other word.
  static <T> Part of(Class<T> type, Writer<T> writer, Function<Input, T> reader) {
    return new Part() {
      @Override public void write(Kryo kryo, Output out, Object value) {
        writer.write(out, type.cast(value));
      }

      @Override public Object read(Kryo kryo, Input in) {
        return reader.apply(in);
      }
    };
  }

  /// A length and that many bytes.
  static <T> Part bytes(Class<T> type, Function<T, byte[]> writer, Function<byte[], T> reader) {
    return of(type, (out, value) -> writeBytes(out, writer.apply(value)), in -> reader.apply(in.readBytes(length(in))));
  }

  /// A length and that many bytes of UTF-8.
  static <T> Part text(Class<T> type, Function<T, String> writer, Function<String, T> reader) {
    return bytes(type, value -> writer.apply(value).getBytes(StandardCharsets.UTF_8),
        bytes -> reader.apply(new String(bytes, StandardCharsets.UTF_8)));
  }

  /// A public value as protobuf.
  static <T> Part message(Class<T> type, Function<T, ? extends MessageLite> writer, Parser parser) {
    return bytes(type, value -> writer.apply(value).toByteArray(), bytes -> type.cast(parsed(parser, bytes)));
  }

  /// A registered record, known to be no other.
  static Part word(Class<?> type) {
    return new Part() {
      @Override public void write(Kryo kryo, Output out, Object value) {
        kryo.writeObject(out, value);
      }

      @Override public Object read(Kryo kryo, Input in) {
        return kryo.readObject(in, type);
      }
    };
  }

  /// One of several registered records, told apart by its number.
  static Part oneOf(Class<?> sealedType) {
    return new Part() {
      @Override public void write(Kryo kryo, Output out, Object value) {
        kryo.writeClassAndObject(out, value);
      }

      @Override public Object read(Kryo kryo, Input in) {
        var value = kryo.readClassAndObject(in);
        if (!sealedType.isInstance(value)) {
          throw new KryoException(sealedType.getName() + ": " + value + " (expected: one of its records)");
        }
        return value;
      }
    };
  }

  /// A length and that many elements, of at least one byte each.
  static Part list(Part element) {
    return new Part() {
      @Override public void write(Kryo kryo, Output out, Object value) {
        var values = (List<?>) value;
        out.writeInt(values.size(), true);
        values.forEach(each -> element.write(kryo, out, each));
      }

      @Override public Object read(Kryo kryo, Input in) {
        int size = length(in);
        var values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          values.add(element.read(kryo, in));
        }
        return List.copyOf(values);
      }
    };
  }

  private static Object parsed(Parser parser, byte[] bytes) {
    try {
      return parser.parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new KryoException("public value: " + bytes.length + " bytes (expected: its protobuf message)", e);
    }
  }

  private static void writeBytes(Output out, byte[] bytes) {
    out.writeInt(bytes.length, true);
    out.writeBytes(bytes);
  }

  /// A length that the message can still hold: nothing is allocated for a longer one.
  private static int length(Input in) {
    int length = in.readInt(true);
    int left = in.limit() - in.position();
    if (length < 0 || length > left) {
      throw new KryoException("length: " + length + " (expected: 0 to " + left + ")");
    }
    return length;
  }
}
