package network.lilypad.node.client;

import io.grpc.Status;
import io.grpc.StatusException;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.protocol.Rejection;
import org.jspecify.annotations.Nullable;

/// Runs a blocking gRPC call and turns its failures into ours.
public final class Calls {
  /// What the network library says of its own doing before it says what happened.
  private static final Pattern NATIVE = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private Calls() {}

  /// A call.
  ///
  /// @param <T> its answer
  @FunctionalInterface
  public interface Call<T extends @Nullable Object> {
    /// Makes it.
    ///
    /// @throws StatusException as gRPC says
    /// @throws InterruptedException if the caller is interrupted
    T make() throws StatusException, InterruptedException;
  }

  /// Makes a call.
  ///
  /// @throws GatewayRefusedException if the gateway says no
  /// @throws GatewayUnavailableException if it does not answer, or the thread is interrupted
  public static <T extends @Nullable Object> T run(Call<T> call) {
    try {
      return call.make();
    } catch (StatusException e) {
      throw translated(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayUnavailableException("interrupted while waiting for the gateway", e);
    }
  }

  private static RuntimeException translated(StatusException e) {
    var refusal = RejectionStatus.rejection(e);
    if (refusal.isPresent()) {
      return refusal.get() instanceof Rejection.Unavailable away
          ? new GatewayUnavailableException(away, e)
          : new GatewayRefusedException(refusal.get());
    }
    var status = e.getStatus();
    var said = Optional.ofNullable(status.getDescription()).orElse(status.getCode().name());
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> new GatewayRefusedException(new Rejection.Unauthenticated(said));
      case NOT_FOUND -> new GatewayRefusedException(new Rejection.NotFound("such thing", said));
      case INVALID_ARGUMENT, OUT_OF_RANGE ->
        new GatewayRefusedException(new Rejection.Malformed("request", said, "what api.proto says"));
      default -> new GatewayUnavailableException(unavailable(status, said), e);
    };
  }

  private static String unavailable(Status status, String said) {
    var cause = status.getCause();
    return cause == null || cause.getMessage() == null ? said : NATIVE.matcher(cause.getMessage()).replaceFirst("");
  }
}
