package network.lilypad.protocol.wire;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Rejection.Unrecognised;

/// Rejections as protobuf messages and back. Attributes travel as text in the order of the record's components, numbers
/// in decimal, so that one message carries every kind.
///
/// Reading never fails: a code of a newer program, or attributes that its code does not have here, become
/// [Unrecognised], which keeps code, name and sentence.
public final class RejectionWire {
  private static final Map<Integer, RejectionKind> KINDS = Stream.of(Rejection.class.getPermittedSubclasses())
      .map(RejectionKind::of).collect(Collectors.toUnmodifiableMap(RejectionKind::code, Function.identity()));

  private RejectionWire() {}

  /// Writes a rejection with its sentence and retry advice.
  public static network.lilypad.protocol.proto.v1.Rejection toProto(Rejection why) {
    return network.lilypad.protocol.proto.v1.Rejection.newBuilder().setCode(why.code())
        .setName(why.getClass().getSimpleName()).addAllAttributes(RejectionKind.attributes(why))
        .setMessage(why.message()).setRetryAfterMillis(why.retryAfter().map(Duration::toMillis).orElse(0L)).build();
  }

  /// Reads a rejection.
  public static Rejection fromProto(network.lilypad.protocol.proto.v1.Rejection proto) {
    return Optional.ofNullable(KINDS.get(proto.getCode()))
        .flatMap(kind -> kind.read(proto.getAttributesList()))
        .orElseGet(() -> new Unrecognised(Integer.toUnsignedLong(proto.getCode()), proto.getName(),
            proto.getMessage()));
  }
}
