package network.lilypad.protocol.wire;

import static network.lilypad.protocol.wire.Fields.bytes32;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Sha256;

/// A job's spec as the bytes that are hashed into [network.lilypad.protocol.value.Work#module()]. They are encoded
/// once, by whoever resolves the module, and travel as they are: nobody encodes a spec again to hash it.
public final class JobSpecWire {
  /// The longest encoded spec, 256 KiB: room for a thousand arguments, small enough to travel in one message.
  public static final int MAX_BYTES = 256 * 1024;

  private JobSpecWire() {}

  /// Encodes a spec, maps in the order of their names.
  ///
  /// @throws InvalidValueException if it is longer than [#MAX_BYTES]
  public static ByteString encode(JobSpec spec) {
    var proto = network.lilypad.protocol.proto.v1.JobSpec.newBuilder().setName(spec.name()).setSource(spec.source())
        .setEngine(spec.engine().number()).setImage(Fields.of(spec.image())).setImageName(spec.imageName())
        .addAllArguments(spec.arguments()).addAllEntrypoint(spec.entrypoint())
        .setWorkingDirectory(spec.workingDirectory()).addAllHosts(spec.hosts()).setShmMib(spec.shmMib());
    spec.environment().forEach((name, value) -> proto.addEnvironmentBuilder().setName(name).setValue(value));
    spec.outputs().forEach((name, path) -> proto.addOutputsBuilder().setName(name).setPath(path));
    return bounded(proto.build().toByteString());
  }

  /// The sha2-256 of encoded bytes: what an offer's `work.module` says.
  public static Bytes32 digest(ByteString encoded) {
    return Sha256.hash(encoded.asReadOnlyByteBuffer());
  }

  /// Reads an encoded spec.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static JobSpec decode(ByteString encoded) {
    try {
      var proto = network.lilypad.protocol.proto.v1.JobSpec.parseFrom(bounded(encoded));
      requireAtMost("environment", proto.getEnvironmentCount(), JobSpec.MAX_ENTRIES);
      requireAtMost("outputs", proto.getOutputsCount(), JobSpec.MAX_OUTPUTS);
      return new JobSpec(proto.getName(), proto.getSource(), Engine.of(proto.getEngine()),
          bytes32("image", proto.getImage()), proto.getImageName(), List.copyOf(proto.getArgumentsList()),
          environment(proto), outputs(proto), List.copyOf(proto.getEntrypointList()), proto.getWorkingDirectory(),
          List.copyOf(proto.getHostsList()), Fields.uint("shmMib", proto.getShmMib()));
    } catch (InvalidProtocolBufferException _) {
      throw new InvalidValueException("spec", encoded.size() + " bytes", "an encoded JobSpec");
    }
  }

  private static SortedMap<String, String> environment(network.lilypad.protocol.proto.v1.JobSpec proto) {
    var map = new TreeMap<String, String>();
    proto.getEnvironmentList().forEach(entry -> append("environment", map, entry.getName(), entry.getValue()));
    return map;
  }

  private static SortedMap<String, String> outputs(network.lilypad.protocol.proto.v1.JobSpec proto) {
    var map = new TreeMap<String, String>();
    proto.getOutputsList().forEach(entry -> append("outputs", map, entry.getName(), entry.getPath()));
    return map;
  }

  private static void append(String field, SortedMap<String, String> map, String name, String value) {
    if (!map.isEmpty() && map.lastKey().compareTo(name) >= 0) {
      throw new InvalidValueException(field + "[" + map.size() + "].name", name, "after " + map.lastKey());
    }
    map.put(name, value);
  }

  private static void requireAtMost(String field, int size, int max) {
    if (size > max) {
      throw new InvalidValueException(field, size + " entries", "at most " + max);
    }
  }

  private static ByteString bounded(ByteString encoded) {
    if (encoded.size() > MAX_BYTES) {
      throw new InvalidValueException("spec", encoded.size() + " bytes", "at most " + MAX_BYTES);
    }
    return encoded;
  }
}
