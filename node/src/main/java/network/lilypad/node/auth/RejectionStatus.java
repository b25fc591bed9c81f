package network.lilypad.node.auth;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.Optional;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Rejection.AgentRefused;
import network.lilypad.protocol.Rejection.BadContent;
import network.lilypad.protocol.Rejection.BadSignature;
import network.lilypad.protocol.Rejection.Malformed;
import network.lilypad.protocol.Rejection.NoLease;
import network.lilypad.protocol.Rejection.NotAParty;
import network.lilypad.protocol.Rejection.NotFound;
import network.lilypad.protocol.Rejection.Overloaded;
import network.lilypad.protocol.Rejection.TooLarge;
import network.lilypad.protocol.Rejection.Unauthenticated;
import network.lilypad.protocol.Rejection.Unavailable;
import network.lilypad.protocol.Rejection.UnknownModule;
import network.lilypad.protocol.wire.RejectionWire;

/// Refusals as gRPC carries them: a status for everybody's tools, and the whole rejection in a trailer for ours.
public final class RejectionStatus {
  private static final Metadata.Key<network.lilypad.protocol.proto.v1.Rejection> TRAILER = Metadata.Key.of(
      "lilypad-rejection-bin",
      ProtoUtils.metadataMarshaller(network.lilypad.protocol.proto.v1.Rejection.getDefaultInstance()));

  private RejectionStatus() {}

  /// The gRPC status nearest to a rejection; its description is the rejection's sentence.
  public static Status status(Rejection why) {
    var code = switch (why) {
      case Malformed _,BadContent _,BadSignature _,TooLarge _ -> Status.INVALID_ARGUMENT;
      case NotFound _,UnknownModule _ -> Status.NOT_FOUND;
      case Unauthenticated _ -> Status.UNAUTHENTICATED;
      case NotAParty _,NoLease _,AgentRefused _ -> Status.PERMISSION_DENIED;
      case Overloaded _ -> Status.RESOURCE_EXHAUSTED;
      case Unavailable _ -> Status.UNAVAILABLE;
      default -> Status.FAILED_PRECONDITION;
    };
    return code.withDescription(why.message());
  }

  /// The trailers that carry a rejection.
  public static Metadata trailers(Rejection why) {
    var trailers = new Metadata();
    trailers.put(TRAILER, RejectionWire.toProto(why));
    return trailers;
  }

  /// A rejection as an exception, for a stream's `onError`.
  public static StatusRuntimeException exception(Rejection why) {
    return status(why).asRuntimeException(trailers(why));
  }

  /// The rejection in a failed call; empty if the failure is none of ours.
  public static Optional<Rejection> rejection(Throwable failure) {
    var trailers = Status.trailersFromThrowable(failure);
    return Optional.ofNullable(trailers).flatMap(found -> Optional.ofNullable(found.get(TRAILER)))
        .map(RejectionWire::fromProto);
  }
}
