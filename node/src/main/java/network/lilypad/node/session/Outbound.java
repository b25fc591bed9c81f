package network.lilypad.node.session;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.BeatAnswer;
import network.lilypad.protocol.proto.v1.Close;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Reconcile;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.wire.RejectionWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;

/// The gateway's messages to an agent, from the market's words.
final class Outbound {
  private Outbound() {}

  static GatewayMessage signLease(AgentSession.SignLease word, byte[] spec) {
    return GatewayMessage.newBuilder().setSignLease(SignLease.newBuilder().setOffer(SignedWire.toProto(word.offer()))
        .setLease(ValuesWire.toProto(word.lease())).setSpec(ByteString.copyFrom(spec))).build();
  }

  static GatewayMessage run(AgentSession.Run word, byte[] spec) {
    return GatewayMessage.newBuilder().setRun(Run.newBuilder().setOffer(SignedWire.toProto(word.offer()))
        .setLease(SignedWire.toProto(word.lease())).setSpec(ByteString.copyFrom(spec))).build();
  }

  static GatewayMessage kill(DealId deal, long epoch) {
    return GatewayMessage.newBuilder().setKill(ref(deal, epoch)).build();
  }

  static GatewayMessage forget(DealId deal, long epoch) {
    return GatewayMessage.newBuilder().setForget(ref(deal, epoch)).build();
  }

  static GatewayMessage reconcile(List<DealRef> keep, List<DealRef> kill) {
    return GatewayMessage.newBuilder().setReconcile(Reconcile.newBuilder().addAllKeep(keep).addAllKill(kill)).build();
  }

  static GatewayMessage answer(DealId deal, Optional<Rejection> refused) {
    var answer = ResultAnswer.newBuilder().setDeal(ApiWire.bytes(deal.digest()));
    refused.ifPresent(why -> answer.setRefused(RejectionWire.toProto(why)));
    return GatewayMessage.newBuilder().setResultAnswer(answer).build();
  }

  static GatewayMessage beat(long ledgerTime) {
    return GatewayMessage.newBuilder().setBeatAnswer(BeatAnswer.newBuilder().setLedgerTime(ledgerTime)).build();
  }

  static GatewayMessage close(String reason, boolean retry) {
    return GatewayMessage.newBuilder().setClose(Close.newBuilder().setReason(reason).setRetry(retry)).build();
  }

  static DealRef ref(DealId deal, long epoch) {
    return DealRef.newBuilder().setDeal(ApiWire.bytes(deal.digest())).setEpoch(epoch).build();
  }
}
