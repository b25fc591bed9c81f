package network.lilypad.actors.deal;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import network.lilypad.actors.deal.Deal.Event;
import network.lilypad.actors.deal.Deal.Terms;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.journal.v1.DealCommitted;
import network.lilypad.protocol.proto.journal.v1.DealEnded;
import network.lilypad.protocol.proto.journal.v1.DealEnding;
import network.lilypad.protocol.proto.journal.v1.DealEvent;
import network.lilypad.protocol.proto.journal.v1.DealProposed;
import network.lilypad.protocol.proto.journal.v1.DealStopping;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.wire.Fields;
import network.lilypad.protocol.wire.SignedWire;

/// A deal's events as journal bytes and back.
public final class DealWire {
  private DealWire() {}

  /// The event as its message.
  public static DealEvent proto(Event event) {
    return switch (event) {
      case Deal.Proposed(var terms, var at) -> DealEvent.newBuilder().setAt(at).setProposed(terms(terms)).build();
      case Deal.Stopping e -> DealEvent.newBuilder().setAt(e.at()).setStopping(stopping(e)).build();
      case Deal.Opened(var lease, var at) ->
        DealEvent.newBuilder().setAt(at).setOpened(SignedWire.toProto(lease)).build();
      case Deal.Submitted(var result, var at) ->
        DealEvent.newBuilder().setAt(at).setSubmitted(SignedWire.toProto(result)).build();
      case Deal.Committed(var at) ->
        DealEvent.newBuilder().setAt(at).setCommitted(DealCommitted.getDefaultInstance()).build();
      case Deal.Ended e -> DealEvent.newBuilder().setAt(e.at()).setEnded(ended(e)).build();
      case Deal.Overruled(var phase, var at) ->
        DealEvent.newBuilder().setAt(at).setOverruled(phase.number()).build();
    };
  }

  private static DealProposed terms(Terms terms) {
    return DealProposed.newBuilder().setOffer(SignedWire.toProto(terms.offer()))
        .setJob(Fields.of(terms.job().digest())).setAttempt(terms.attempt())
        .setProvider(Fields.of(terms.machine().provider()))
        .setMachine(Fields.of(terms.machine().machine()))
        .setResourceOffer(Fields.of(terms.resourceOffer())).setPrice(terms.price().gwei()).build();
  }

  private static DealStopping stopping(Deal.Stopping e) {
    var proto = DealStopping.newBuilder().setCause(e.cause().number()).setDetail(e.detail());
    e.cancel().forEach(cancel -> proto.setCancel(SignedWire.toProto(cancel)));
    return proto.build();
  }

  private static DealEnded ended(Deal.Ended e) {
    var proto = DealEnded.newBuilder().setCause(e.cause().number()).setDetail(e.detail());
    e.ending().forEach(ending -> proto.setEnding(ending(ending)));
    return proto.build();
  }

  private static DealEnding ending(Bridge.Ending ending) {
    var proto = DealEnding.newBuilder();
    return switch (ending) {
      case Bridge.Accepted(var result, var acceptance) -> proto.setAccepted(DealEnding.Accepted.newBuilder()
          .setResult(SignedWire.toProto(result)).setAcceptance(SignedWire.toProto(acceptance))).build();
      case Bridge.Silence(var result) -> proto.setSilence(SignedWire.toProto(result)).build();
      case Bridge.NoResult _ -> proto.setNoResult(DealEnding.NoResult.getDefaultInstance()).build();
      case Bridge.Cancelled(var cancel) -> proto.setCancelled(SignedWire.toProto(cancel)).build();
      case Bridge.Released(var release) -> proto.setReleased(SignedWire.toProto(release)).build();
      case Bridge.Lapsed(var at) -> proto.setLapsed(at).build();
    };
  }

  /// The event of the bytes.
  ///
  /// @throws InvalidProtocolBufferException if they are no protobuf
  /// @throws Defect if they are no event that this version knows
  public static Event event(byte[] bytes) throws InvalidProtocolBufferException {
    var proto = DealEvent.parseFrom(bytes);
    long at = proto.getAt();
    return switch (proto.getEventCase()) {
      case PROPOSED -> new Deal.Proposed(terms(proto.getProposed()), at);
      case STOPPING -> stopping(proto.getStopping(), at);
      case OPENED -> new Deal.Opened(SignedWire.signed(Lease.class, proto.getOpened()), at);
      case SUBMITTED -> new Deal.Submitted(SignedWire.signed(Result.class, proto.getSubmitted()), at);
      case COMMITTED -> new Deal.Committed(at);
      case ENDED -> ended(proto.getEnded(), at);
      case OVERRULED -> new Deal.Overruled(DealPhase.of(proto.getOverruled()), at);
      case EVENT_NOT_SET -> throw new Defect("deal event: unknown kind (expected: one this version knows)");
    };
  }

  private static Terms terms(DealProposed proto) {
    return new Terms(SignedWire.signed(JobOffer.class, proto.getOffer()), Fields.job(proto.getJob()),
        proto.getAttempt(), new MachineId(Fields.address("provider", proto.getProvider()),
            Fields.bytes32("machine", proto.getMachine())),
        Fields.bytes32("resource_offer", proto.getResourceOffer()), Lp.gwei(proto.getPrice()));
  }

  private static Deal.Stopping stopping(DealStopping proto, long at) {
    return new Deal.Stopping(Cause.of(proto.getCause()),
        proto.hasCancel() ? List.of(SignedWire.signed(Cancel.class, proto.getCancel())) : List.of(), proto.getDetail(),
        at);
  }

  private static Deal.Ended ended(DealEnded proto, long at) {
    return new Deal.Ended(Cause.of(proto.getCause()),
        proto.hasEnding() ? List.of(ending(proto.getEnding())) : List.of(), proto.getDetail(), at);
  }

  private static Bridge.Ending ending(DealEnding proto) {
    return switch (proto.getEndingCase()) {
      case ACCEPTED -> new Bridge.Accepted(SignedWire.signed(Result.class, proto.getAccepted().getResult()),
          SignedWire.signed(Acceptance.class, proto.getAccepted().getAcceptance()));
      case SILENCE -> new Bridge.Silence(SignedWire.signed(Result.class, proto.getSilence()));
      case NO_RESULT -> new Bridge.NoResult();
      case CANCELLED -> new Bridge.Cancelled(SignedWire.signed(Cancel.class, proto.getCancelled()));
      case RELEASED -> new Bridge.Released(SignedWire.signed(Release.class, proto.getReleased()));
      case LAPSED -> new Bridge.Lapsed(proto.getLapsed());
      case ENDING_NOT_SET -> throw new Defect("deal ending: unknown kind (expected: one this version knows)");
    };
  }
}
