package network.lilypad.protocol.serializer;

import java.io.NotSerializableException;
import java.lang.reflect.InvocationTargetException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import network.lilypad.protocol.Defect;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/// Words between nodes. The record's number is in the bytes, so the manifest is empty; a number that this node does not
/// know is refused and the message dropped by the remoting, which logs it.
///
/// Modules name their words in the configuration under `lilypad.kryo.words`, so that none knows another.
public final class KryoSerializer extends SerializerWithStringManifest {
  /// For ever: in every message.
  private static final int IDENTIFIER = 7300;

  private final KryoWire wire;

  /// @param system whose configuration names the words and whose references are written
  public KryoSerializer(ExtendedActorSystem system) {
    var words = system.settings().config().getConfig("lilypad.kryo.words").root().unwrapped();
    this.wire = new KryoWire(modules(words), RefText.of(() -> ActorRefResolver.get(Adapter.toTyped(system))));
  }

  @Override public int identifier() {
    return IDENTIFIER;
  }

  @Override public String manifest(Object word) {
    return "";
  }

  @Override public byte[] toBinary(Object word) {
    return wire.write(word);
  }

  @Override public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return wire.read(bytes);
  }

  private static List<KryoWords> modules(Map<String, Object> classNames) {
    return classNames.values().stream().map(name -> words(name.toString()))
        .sorted(Comparator.comparingInt(KryoWords::firstId)).toList();
  }

  private static KryoWords words(String className) {
    try {
      return Class.forName(className).asSubclass(KryoWords.class).getConstructor().newInstance();
    } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException
        | InvocationTargetException | ClassCastException e) {
      throw new Defect("lilypad.kryo.words: " + className + ": " + e + " (expected: a public KryoWords class)");
    }
  }
}
