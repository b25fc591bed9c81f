package network.lilypad.protocol.serializer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.function.Function;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.RejectionWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;

/// The components that need no registration: primitives, text, ids, amounts, and public values as protobuf.
final class ValueParts {
  /// By component type.
  static final Map<Class<?>, Part> ALL = Map.ofEntries(
      Map.entry(boolean.class, Part.of(Boolean.class, Output::writeBoolean, Input::readBoolean)),
      Map.entry(int.class, Part.of(Integer.class, (out, value) -> out.writeInt(value, false), in -> in.readInt(false))),
      Map.entry(long.class, Part.of(Long.class, (out, value) -> out.writeLong(value, false),
          in -> in.readLong(false))),
      Map.entry(String.class, Part.text(String.class, Function.identity(), Function.identity())),
      Map.entry(ByteString.class, Part.bytes(ByteString.class, ByteString::toByteArray, ByteString::copyFrom)),
      Map.entry(Bytes32.class, Part.of(Bytes32.class, ValueParts::write, ValueParts::bytes32)),
      Map.entry(Address.class, Part.of(Address.class, ValueParts::write, ValueParts::address)),
      Map.entry(JobId.class, Part.of(JobId.class, (out, id) -> write(out, id.digest()),
          in -> new JobId(bytes32(in)))),
      Map.entry(DealId.class, Part.of(DealId.class, (out, id) -> write(out, id.digest()),
          in -> new DealId(bytes32(in)))),
      Map.entry(MachineId.class, Part.of(MachineId.class, (out, id) -> {
        write(out, id.provider());
        write(out, id.machine());
      }, in -> new MachineId(address(in), bytes32(in)))),
      Map.entry(Lp.class, Part.of(Lp.class, (out, amount) -> out.writeLong(amount.gwei(), true),
          in -> Lp.gwei(in.readLong(true)))),
      Map.entry(Resources.class, Part.message(Resources.class, ValuesWire::toProto,
          bytes -> ValuesWire.resources(network.lilypad.protocol.proto.v1.Resources.parseFrom(bytes)))),
      Map.entry(MachineLimits.class, Part.message(MachineLimits.class, ValuesWire::toProto,
          bytes -> ValuesWire.machineLimits(network.lilypad.protocol.proto.v1.MachineLimits.parseFrom(bytes)))),
      Map.entry(MachineSpeed.class, Part.message(MachineSpeed.class, ValuesWire::toProto,
          bytes -> ValuesWire.machineSpeed(network.lilypad.protocol.proto.v1.MachineSpeed.parseFrom(bytes)))),
      Map.entry(Lease.class, Part.message(Lease.class, ValuesWire::toProto,
          bytes -> ValuesWire.lease(network.lilypad.protocol.proto.v1.Lease.parseFrom(bytes)))),
      Map.entry(Rejection.class, Part.message(Rejection.class, RejectionWire::toProto,
          bytes -> RejectionWire.fromProto(network.lilypad.protocol.proto.v1.Rejection.parseFrom(bytes)))));

  private ValueParts() {}

  /// A signed word of a kind, signer included.
  static Part signed(Class<? extends Signable> kind) {
    return Part.message(Signed.class, SignedWire::toProto,
        bytes -> SignedWire.signed(kind, network.lilypad.protocol.proto.v1.Signed.parseFrom(bytes)));
  }

  private static void write(Output out, Bytes32 value) {
    out.writeBytes(value.bytes());
  }

  private static void write(Output out, Address value) {
    out.writeBytes(value.bytes());
  }

  private static Bytes32 bytes32(Input in) {
    return Bytes32.of(in.readBytes(32));
  }

  private static Address address(Input in) {
    return Address.of(in.readBytes(20));
  }
}
