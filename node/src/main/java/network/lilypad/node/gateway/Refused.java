package network.lilypad.node.gateway;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.node.store.ContentRefusedException;
import network.lilypad.node.store.StoreUnavailableException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.wire.Admission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a blocking call ends when it does not end well: refusals travel as exceptions inside the gateway, because gRPC
/// takes them so.
public final class Refused {
  private static final Logger LOG = LoggerFactory.getLogger(Refused.class);
  private static final long RETRY_MILLIS = 1_000;

  private Refused() {}

  /// A refusal, to be thrown.
  public static StatusRuntimeException because(Rejection why) {
    return RejectionStatus.exception(why);
  }

  /// @throws StatusRuntimeException with the rejection unless it holds
  public static void unless(boolean holds, Rejection why) {
    if (!holds) {
      throw because(why);
    }
  }

  /// The value that passed the door.
  ///
  /// @throws StatusRuntimeException with the rejection if it did not
  public static <T> T unlessAdmitted(Admission<T> admission) {
    return switch (admission) {
      case Admission.Admitted(var value) -> value;
      case Admission.Refused(var why) -> throw because(why);
    };
  }

  /// What a caller hears of a failure. What nobody expected is logged and told without its details.
  public static StatusRuntimeException of(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException told -> told;
      case ContentRefusedException refused -> because(refused.why());
      case ContentException content -> because(rejection(content));
      case InvalidValueException invalid ->
        because(new Rejection.Malformed(invalid.subject(), invalid.value(), invalid.expectation()));
      case StoreUnavailableException unavailable -> {
        LOG.warn("the store does not answer", unavailable);
        yield because(new Rejection.Unavailable("the node's store", RETRY_MILLIS));
      }
      default -> {
        LOG.error("a call failed", failure);
        yield Status.INTERNAL.withDescription("the node failed; its log says why").asRuntimeException();
      }
    };
  }

  private static Rejection rejection(ContentException failure) {
    if (failure.reason() == ContentException.Reason.IO) {
      LOG.warn("content cannot be read", failure);
      return new Rejection.Unavailable("the node's store", RETRY_MILLIS);
    }
    return new Rejection.BadContent("tree", String.valueOf(failure.getMessage()));
  }
}
