package network.lilypad.actors.machine;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import network.lilypad.actors.machine.Machine.Attributes;
import network.lilypad.actors.machine.Machine.Event;
import network.lilypad.actors.machine.Machine.Why;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.proto.journal.v1.MachineDelisted;
import network.lilypad.protocol.proto.journal.v1.MachineEvent;
import network.lilypad.protocol.proto.journal.v1.MachineListed;
import network.lilypad.protocol.proto.journal.v1.MachineReserved;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.wire.Fields;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;

/// A machine's events as journal bytes and back.
public final class MachineWire {
  private MachineWire() {}

  /// The event as its message.
  public static MachineEvent proto(Event event) {
    return switch (event) {
      case Machine.Listed e -> MachineEvent.newBuilder().setAt(e.at()).setListed(listed(e)).build();
      case Machine.Delisted(var why, var at) -> MachineEvent.newBuilder().setAt(at)
          .setDelisted(MachineDelisted.newBuilder().setWhy(why.number())).build();
      case Machine.Reserved(var deal, var slice, var lease, var at) -> MachineEvent.newBuilder().setAt(at).setReserved(
          MachineReserved.newBuilder().setDeal(Fields.of(deal.digest())).setSlice(ValuesWire.toProto(slice))
              .setLease(ValuesWire.toProto(lease)))
          .build();
      case Machine.Freed(var deal, var at) ->
        MachineEvent.newBuilder().setAt(at).setFreed(Fields.of(deal.digest())).build();
    };
  }

  private static MachineListed listed(Machine.Listed e) {
    var proto = MachineListed.newBuilder().setOffer(SignedWire.toProto(e.offer())).setDigest(Fields.of(e.digest()))
        .addAllEngines(e.attributes().engines().stream().map(Engine::number).toList())
        .addAllAllowedModules(e.attributes().allowedModules().stream().map(Fields::of).toList())
        .addAllDeniedModules(e.attributes().deniedModules().stream().map(Fields::of).toList())
        .setInventory(ValuesWire.toProto(e.inventory()));
    if (!e.attributes().limits().equals(MachineLimits.UNLIMITED)) {
      proto.setLimits(ValuesWire.toProto(e.attributes().limits()));
    }
    e.attributes().speed().forEach(speed -> proto.setSpeed(ValuesWire.toProto(speed)));
    return proto.build();
  }

  /// The event of the bytes.
  ///
  /// @throws InvalidProtocolBufferException if they are no protobuf
  /// @throws Defect if they are no event that this version knows
  public static Event event(byte[] bytes) throws InvalidProtocolBufferException {
    var proto = MachineEvent.parseFrom(bytes);
    long at = proto.getAt();
    return switch (proto.getEventCase()) {
      case LISTED -> listed(proto.getListed(), at);
      case DELISTED -> new Machine.Delisted(Why.of(proto.getDelisted().getWhy()), at);
      case RESERVED -> new Machine.Reserved(Fields.deal(proto.getReserved().getDeal()),
          ValuesWire.resources(proto.getReserved().getSlice()), ValuesWire.lease(proto.getReserved().getLease()), at);
      case FREED -> new Machine.Freed(Fields.deal(proto.getFreed()), at);
      case EVENT_NOT_SET -> throw new Defect("machine event: unknown kind (expected: one this version knows)");
    };
  }

  private static Machine.Listed listed(MachineListed proto, long at) {
    var attributes = new Attributes(proto.getEnginesList().stream().map(Engine::of).toList(),
        proto.getAllowedModulesList().stream().map(bytes -> Fields.bytes32("module", bytes)).toList(),
        proto.getDeniedModulesList().stream().map(bytes -> Fields.bytes32("module", bytes)).toList(),
        proto.hasLimits() ? ValuesWire.machineLimits(proto.getLimits()) : MachineLimits.UNLIMITED,
        proto.hasSpeed() ? List.of(ValuesWire.machineSpeed(proto.getSpeed())) : List.of());
    return new Machine.Listed(SignedWire.signed(ResourceOffer.class, proto.getOffer()),
        Fields.bytes32("digest", proto.getDigest()), attributes, ValuesWire.resources(proto.getInventory()), at);
  }
}
