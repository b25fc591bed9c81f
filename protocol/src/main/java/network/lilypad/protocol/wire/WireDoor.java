package network.lilypad.protocol.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.wire.Admission.Admitted;

/// The door for what outside parties send: nothing passes that is malformed, out of bounds or signed by nobody.
/// Whether the signer is the *right* party is the receiver's rule. Stateless and thread-safe.
public final class WireDoor {
  /// The longest encoded signed word, 16 KiB: the longest signature and sixteen panels take less than half.
  public static final int MAX_SIGNED_BYTES = 16 * 1024;

  private final Signatures signatures;

  /// @param signatures verifies in the ledger's domain
  public WireDoor(Signatures signatures) {
    this.signatures = signatures;
  }

  /// Takes a signed word; a signer it may name is ignored and recovered from the signature.
  ///
  /// @param kind which word it must be
  /// @return the verified word, or `Malformed` with the field's path, or `BadSignature`
  public <T extends Signable> Admission<network.lilypad.protocol.value.Signed<T>> admit(Class<T> kind, Signed proto) {
    return switch (Admission
        .reading(() -> new Untrusted<>(SignedWire.word(kind, proto), SignedWire.signature(proto)))) {
      case Admitted(var read) -> verify(read);
      case Admission.Refused(var why) -> Admission.refused(why);
    };
  }

  /// Takes an encoded signed word.
  ///
  /// @param kind which word it must be
  /// @param encoded at most [#MAX_SIGNED_BYTES]
  /// @return the verified word, or `TooLarge`, `Malformed` or `BadSignature`
  public <T extends Signable> Admission<network.lilypad.protocol.value.Signed<T>> admit(Class<T> kind,
      ByteString encoded) {
    if (encoded.size() > MAX_SIGNED_BYTES) {
      return Admission.refused(new Rejection.TooLarge(kind.getSimpleName(), encoded.size(), MAX_SIGNED_BYTES));
    }
    try {
      return admit(kind, Signed.parseFrom(encoded));
    } catch (InvalidProtocolBufferException _) {
      return Admission.refused(
          new Rejection.Malformed(kind.getSimpleName(), encoded.size() + " bytes", "an encoded Signed"));
    }
  }

  /// Takes an encoded spec.
  ///
  /// @param module the sha2-256 that a signed offer says
  /// @return the spec, or `TooLarge`, `BadContent` for other bytes than the signed ones, or `Malformed`
  public static Admission<JobSpec> admitSpec(Bytes32 module, ByteString encoded) {
    if (encoded.size() > JobSpecWire.MAX_BYTES) {
      return Admission.refused(new Rejection.TooLarge("spec", encoded.size(), JobSpecWire.MAX_BYTES));
    }
    var digest = JobSpecWire.digest(encoded);
    return digest.equals(module)
        ? Admission.reading(() -> JobSpecWire.decode(encoded))
        : Admission.refused(
            new Rejection.BadContent("spec", "its sha2-256 is " + digest + " (expected: work.module " + module + ")"));
  }

  private <T extends Signable> Admission<network.lilypad.protocol.value.Signed<T>> verify(Untrusted<T> read) {
    return signatures
        .verify(read.word(), read.signature()).<Admission<network.lilypad.protocol.value.Signed<T>>>map(Admitted::new)
        .orElseGet(() -> Admission.refused(
            new Rejection.BadSignature(read.word().getClass().getSimpleName(), "its author")));
  }

  private record Untrusted<T extends Signable>(T word, Signature signature) {}
}
