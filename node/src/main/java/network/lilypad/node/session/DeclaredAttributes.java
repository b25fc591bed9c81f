package network.lilypad.node.session;

import com.google.protobuf.ByteString;
import java.util.List;
import network.lilypad.actors.machine.Machine;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.proto.v1.Standing;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.wire.Fields;
import network.lilypad.protocol.wire.ValuesWire;

/// What an agent says of its machine beyond the signed offer, read and checked at the gateway's door. Every method
/// throws [InvalidValueException] with the path of the first field that is wrong.
final class DeclaredAttributes {
  /// What an agent's clock may be ahead, and its session's gateway behind.
  static final long CLOCK_AHEAD_SECONDS = 60;

  private DeclaredAttributes() {}

  /// Of an introduction. What it does not say is no limit, and not measured.
  ///
  /// @param now ledger seconds
  static Machine.Attributes of(Hello hello, long now) {
    atMost("engines", hello.getEnginesCount(), Engine.values().length);
    return new Machine.Attributes(hello.getEnginesList().stream().map(Engine::of).distinct().toList(),
        modules("allowedModules", hello.getAllowedModulesList()),
        modules("deniedModules", hello.getDeniedModulesList()),
        hello.hasLimits() ? limits(hello.getLimits()) : MachineLimits.UNLIMITED,
        hello.hasSpeed() ? List.of(speed(hello.getSpeed(), now)) : List.of());
  }

  /// Of a later word. What it does not say is as before.
  ///
  /// @param now ledger seconds
  static Machine.Attributes of(Standing standing, Machine.Attributes before, long now) {
    return new Machine.Attributes(before.engines(), before.allowedModules(), before.deniedModules(),
        standing.hasLimits() ? limits(standing.getLimits()) : before.limits(),
        standing.hasSpeed() ? List.of(speed(standing.getSpeed(), now)) : before.speed());
  }

  private static MachineLimits limits(network.lilypad.protocol.proto.v1.MachineLimits said) {
    return Fields.within("limits", () -> ValuesWire.machineLimits(said));
  }

  private static MachineSpeed speed(network.lilypad.protocol.proto.v1.MachineSpeed said, long now) {
    var speed = Fields.within("speed", () -> ValuesWire.machineSpeed(said));
    if (speed.measuredAt() > now + CLOCK_AHEAD_SECONDS) {
      throw new InvalidValueException("speed.measuredAt", Long.toString(speed.measuredAt()), "0 to now, " + now);
    }
    return speed;
  }

  private static List<Bytes32> modules(String field, List<ByteString> digests) {
    atMost(field, digests.size(), Machine.Attributes.MAX_MODULES);
    return digests.stream().map(digest -> ApiWire.bytes32(field, digest)).toList();
  }

  static void atMost(String field, int size, int max) {
    if (size > max) {
      throw new InvalidValueException(field, size + " entries", "at most " + max);
    }
  }
}
