package network.lilypad.protocol.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;

/// Words as Kryo bytes and back: exactly the registered records, each by its number. Thread-safe.
///
/// A Kryo instance serves one thread at a time and costs about a millisecond to make, so used ones are kept.
public final class KryoWire {
  /// The longest word, 240 KiB: fits with its envelope into one frame of Pekko's remoting (256 KiB). The longest word
  /// there is, a machine's introduction with all its leases and modules, takes half.
  public static final int MAX_BYTES = 240 * 1024;
  /// How many idle Kryo instances are kept: more than there are threads that serialize at once.
  private static final int MAX_IDLE = 32;
  private static final int USUAL_BYTES = 512;

  private final Vocabulary vocabulary;
  private final Pool<Kryo> idle;

  /// @param modules whose words it knows
  /// @param refs how actor references are written
  /// @throws network.lilypad.protocol.Defect if numbers clash or a component cannot be written
  public KryoWire(List<KryoWords> modules, RefText refs) {
    this.vocabulary = new Vocabulary(List.copyOf(modules), refs);
    this.idle = new Pool<>(true, false, MAX_IDLE) {
      @Override protected Kryo create() {
        return vocabulary.kryo();
      }
    };
  }

  /// The registered records by number.
  public Map<Integer, Class<? extends Record>> words() {
    return Map.copyOf(vocabulary.words());
  }

  /// Writes a word.
  ///
  /// @throws IllegalArgumentException if it is not registered or longer than [#MAX_BYTES]
  public byte[] write(Object word) {
    var kryo = idle.obtain();
    var out = new Output(USUAL_BYTES, MAX_BYTES);
    try {
      kryo.writeClassAndObject(out, word);
    } catch (KryoException e) {
      throw new IllegalArgumentException("word: " + word.getClass().getName() + " (expected: a registered record of at "
          + "most " + MAX_BYTES + " bytes): " + e.getMessage(), e);
    }
    idle.free(kryo);
    return out.toBytes();
  }

  /// Reads a word.
  ///
  /// @throws NotSerializableException if the bytes are not exactly one registered record of at most [#MAX_BYTES]
  public Object read(byte[] bytes) throws NotSerializableException {
    if (bytes.length > MAX_BYTES) {
      throw new NotSerializableException("word: " + bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    try {
      var kryo = idle.obtain();
      var word = read(kryo, new Input(bytes));
      idle.free(kryo);
      return word;
    } catch (KryoException | IllegalArgumentException e) {
      throw new NotSerializableException("word: " + e.getMessage());
    }
  }

  private static Object read(Kryo kryo, Input in) {
    var word = kryo.readClassAndObject(in);
    if (!(word instanceof Record)) {
      throw new KryoException(word + " (expected: a registered record)");
    }
    if (in.position() != in.limit()) {
      throw new KryoException((in.limit() - in.position()) + " bytes too many (expected: one record)");
    }
    return word;
  }
}
