package network.lilypad.node.agent;

import com.google.protobuf.ByteString;
import network.lilypad.executor.Sink.Chunk;
import network.lilypad.executor.Sink.Stream;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Beat;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.LeaseDeclined;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunReported;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.wire.ValuesWire;

/// The messages an agent sends.
final class Messages {
  static final AgentMessage BEAT = AgentMessage.newBuilder().setBeat(Beat.getDefaultInstance()).build();
  /// agent.proto's bound of a reason.
  private static final int REASON_CHARS_MAX = 1024;

  private Messages() {}

  static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.bytes());
  }

  static DealId deal(ByteString bytes) {
    return new DealId(Bytes32.of(bytes.toByteArray()));
  }

  static DealRef ref(DealId deal, long epoch) {
    return DealRef.newBuilder().setDeal(bytes(deal.digest())).setEpoch(epoch).build();
  }

  static DealRef ref(SpooledDeal deal) {
    return ref(deal.deal(), deal.lease().epoch());
  }

  static AgentMessage leaseSigned(Signed lease) {
    return AgentMessage.newBuilder().setLeaseSigned(lease).build();
  }

  static AgentMessage leaseDeclined(DealId deal, String reason) {
    return AgentMessage.newBuilder().setLeaseDeclined(LeaseDeclined.newBuilder().setDeal(bytes(deal.digest()))
        .setReason(reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX)))).build();
  }

  static AgentMessage runTaken(SpooledDeal deal) {
    return AgentMessage.newBuilder().setRunTaken(ref(deal)).build();
  }

  static AgentMessage started(SpooledDeal deal, long at) {
    return AgentMessage.newBuilder().setStarted(Started.newBuilder().setRun(ref(deal)).setAt(at)).build();
  }

  static AgentMessage log(DealRef run, Chunk chunk) {
    var piece = LogPiece.newBuilder().setStderr(chunk.stream() == Stream.STDERR).setOffset(chunk.offset())
        .setData(ByteString.copyFrom(chunk.bytes().toArray()));
    return AgentMessage.newBuilder().setLog(Log.newBuilder().setRun(run).setPiece(piece)).build();
  }

  /// The signed result or release of a deal.
  static AgentMessage ending(Signed ending) {
    return ending.hasResult()
        ? AgentMessage.newBuilder().setResultReady(ending).build()
        : AgentMessage.newBuilder().setGiveBack(ending).build();
  }

  static AgentMessage report(SpooledDeal deal, RunReport report) {
    return AgentMessage.newBuilder().setReport(RunReported.newBuilder().setRun(ref(deal)).setReport(report)).build();
  }

  static AgentMessage standing(Standing.Told told) {
    var standing = network.lilypad.protocol.proto.v1.Standing.newBuilder()
        .setInventory(ValuesWire.toProto(told.inventory())).setDraining(told.draining())
        .setLimits(ValuesWire.toProto(told.limits()));
    told.speed().forEach(standing::setSpeed);
    return AgentMessage.newBuilder().setStanding(standing).build();
  }

  static AgentMessage killed(DealRef run) {
    return AgentMessage.newBuilder().setKilled(run).build();
  }
}
