package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.Stage;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.wire.ValuesWire;

/// What the entities say, in the words of the public API.
public final class ApiWire {
  private ApiWire() {}

  /// A digest or id.
  public static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.bytes());
  }

  /// An account.
  public static ByteString bytes(Address value) {
    return ByteString.copyFrom(value.bytes());
  }

  /// Reads a digest or id; empty is none.
  ///
  /// @throws InvalidValueException if there are not 32 bytes
  public static Bytes32 bytes32(String field, ByteString bytes) {
    if (bytes.size() != 32) {
      throw new InvalidValueException(field, bytes.size() + " bytes", "32 bytes");
    }
    return Bytes32.of(bytes.toByteArray());
  }

  static network.lilypad.protocol.proto.v1.Job.Builder job(Job.View view, String module) {
    var job = network.lilypad.protocol.proto.v1.Job.newBuilder().setJob(bytes(view.job().digest()))
        .setPhase(view.phase()).setAttempt(view.attempt()).setModule(module).setPostedAt(view.postedAt())
        .setEndedAt(view.endedAt());
    view.offers().forEach(offer -> job.setOffer(ValuesWire.toProto(offer.word())));
    view.history().forEach(ending -> job.addHistory(ending(ending)));
    return job;
  }

  static AttemptEnding ending(Job.Ending ending) {
    return AttemptEnding.newBuilder().setProvider(bytes(ending.provider())).setPhaseValue(ending.phase().number())
        .setCause(ending.cause().name()).setPaid(ending.paid().gwei()).build();
  }

  static DealView deal(Deal.View view) {
    var deal = DealView.newBuilder().setDeal(bytes(view.deal().digest())).setPhaseValue(view.phase().number())
        .setPhaseName(view.phase().name()).setDetail(view.detail());
    view.terms().forEach(terms -> deal.setProvider(bytes(terms.machine().provider()))
        .setMachine(bytes(terms.machine().machine())).setPrice(terms.price().gwei()));
    view.lease().forEach(lease -> deal.setPrice(lease.word().price().gwei()));
    view.result().forEach(result -> deal.setResult(bytes(result.word().commitment()))
        .setCost(result.word().cost().gwei()).setStartedAt(result.word().startedAt())
        .setEndedAt(result.word().endedAt()));
    view.times().forEach(stage -> deal.addStages(
        Stage.newBuilder().setPhaseValue(stage.phase().number()).setAt(stage.at())));
    view.receipts().stream().filter(receipt -> receipt.phase().terminal()).forEach(
        receipt -> deal.setSettled(true).setPaid(receipt.paid().gwei()).setRefunded(receipt.refunded().gwei())
            .setPaidAt(receipt.at()));
    return deal.build();
  }

  static Balance balance(Bridge.Balance balance) {
    return Balance.newBuilder().setAccount(bytes(balance.account())).setFree(balance.free().gwei())
        .setReserved(balance.reserved().gwei()).setLocked(balance.locked().gwei()).build();
  }

  static Explanation explanation(Matchmaker.Explained explained) {
    var explanation = Explanation.newBuilder().setMachines(explained.machines()).setMatching(explained.matching())
        .addAllAdvice(explained.advice());
    explained.filters().forEach(fallen -> explanation.addFiltersBuilder().setRule(fallen.rule())
        .setMachines(fallen.machines()).setNearest(fallen.nearest()));
    return explanation.build();
  }
}
