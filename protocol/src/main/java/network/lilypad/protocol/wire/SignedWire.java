package network.lilypad.protocol.wire;

import static network.lilypad.protocol.wire.Fields.address;
import static network.lilypad.protocol.wire.Fields.within;

import com.google.protobuf.ByteString;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.proto.v1.Signed;

/// Signed words as protobuf messages and back. Reading believes the kept signer: for our own journals and messages.
/// What comes from outside goes through [WireDoor].
public final class SignedWire {
  private SignedWire() {}

  /// Writes a signed word with its signer.
  public static Signed toProto(network.lilypad.protocol.value.Signed<?> signed) {
    return toProto(signed.word(), signed.signature()).toBuilder().setSigner(Fields.of(signed.signer())).build();
  }

  /// Writes a word and a signature without saying whose it is: what outside parties send.
  public static Signed toProto(Signable word, Signature signature) {
    return word(word).setSignature(ByteString.copyFrom(signature.bytes())).build();
  }

  /// Reads a signed word of our own, without verifying it again.
  ///
  /// @param kind which word it must be
  /// @throws InvalidValueException naming the first field that is wrong
  public static <T extends Signable> network.lilypad.protocol.value.Signed<T> signed(Class<T> kind, Signed proto) {
    return new network.lilypad.protocol.value.Signed<>(word(kind, proto), address("signer", proto.getSigner()),
        signature(proto));
  }

  static <T extends Signable> T word(Class<T> kind, Signed proto) {
    var word = word(proto);
    if (!kind.isInstance(word)) {
      throw new InvalidValueException("word", word.getClass().getSimpleName(), kind.getSimpleName());
    }
    return kind.cast(word);
  }

  static Signature signature(Signed proto) {
    int size = proto.getSignature().size();
    if (size < 1 || size > Signature.MAX_BYTES) {
      throw new InvalidValueException("signature", size + " bytes", "1 to " + Signature.MAX_BYTES);
    }
    return Signature.of(proto.getSignature().toByteArray());
  }

  private static Signed.Builder word(Signable word) {
    var signed = Signed.newBuilder();
    return switch (word) {
      case JobOffer value -> signed.setJobOffer(ValuesWire.toProto(value));
      case ResourceOffer value -> signed.setResourceOffer(ValuesWire.toProto(value));
      case Lease value -> signed.setLease(ValuesWire.toProto(value));
      case Result value -> signed.setResult(ValuesWire.toProto(value));
      case Acceptance value -> signed.setAcceptance(ValuesWire.toProto(value));
      case Cancel value -> signed.setCancel(ValuesWire.toProto(value));
      case Release value -> signed.setRelease(ValuesWire.toProto(value));
      case Lapse value -> signed.setLapse(ValuesWire.toProto(value));
      case Verdict value -> signed.setVerdict(ValuesWire.toProto(value));
      case Dispute value -> signed.setDispute(ValuesWire.toProto(value));
    };
  }

  private static Signable word(Signed proto) {
    return switch (proto.getWordCase()) {
      case JOB_OFFER -> within("jobOffer", () -> ValuesWire.jobOffer(proto.getJobOffer()));
      case RESOURCE_OFFER -> within("resourceOffer", () -> ValuesWire.resourceOffer(proto.getResourceOffer()));
      case LEASE -> within("lease", () -> ValuesWire.lease(proto.getLease()));
      case RESULT -> within("result", () -> ValuesWire.result(proto.getResult()));
      case ACCEPTANCE -> within("acceptance", () -> ValuesWire.acceptance(proto.getAcceptance()));
      case CANCEL -> within("cancel", () -> ValuesWire.cancel(proto.getCancel()));
      case RELEASE -> within("release", () -> ValuesWire.release(proto.getRelease()));
      case LAPSE -> within("lapse", () -> ValuesWire.lapse(proto.getLapse()));
      case VERDICT -> within("verdict", () -> ValuesWire.verdict(proto.getVerdict()));
      case DISPUTE -> within("dispute", () -> ValuesWire.dispute(proto.getDispute()));
      case WORD_NOT_SET -> throw new InvalidValueException("word", "none", "one signed word");
    };
  }
}
