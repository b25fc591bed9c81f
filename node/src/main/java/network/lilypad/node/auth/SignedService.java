package network.lilypad.node.auth;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.Admission.Admitted;
import org.jspecify.annotations.Nullable;

/// A service behind [RequestVerifier]: its methods run only for a proven caller, whom [#caller] names. It sees each
/// request's bytes as they came, because a client in another language may encode a message in another order than we would.
public final class SignedService implements ServerInterceptor {
  private static final Context.Key<Address> CALLER = Context.key("lilypad-caller");
  private static final byte[] NO_BODY = {};

  private final RequestVerifier verifier;
  private final Set<String> open;

  private SignedService(RequestVerifier verifier, Set<String> open) {
    this.verifier = verifier;
    this.open = open;
  }

  /// Puts the verifier before a service.
  ///
  /// @param open full names of methods that anybody may call
  public static ServerServiceDefinition of(BindableService service, RequestVerifier verifier, Set<String> open) {
    return ServerInterceptors.intercept(ServerInterceptors.useMarshalledMessages(service.bindService(), new AsBytes()),
        new SignedService(verifier, Set.copyOf(open)));
  }

  /// Who calls, within a call of a method that is not open.
  public static Address caller() {
    var caller = CALLER.get();
    if (caller == null) {
      throw new Defect("caller: none (expected: only signed methods ask)");
    }
    return caller;
  }

  @Override public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
      ServerCallHandler<Q, A> next) {
    var method = call.getMethodDescriptor();
    if (open.contains(method.getFullMethodName())) {
      return next.startCall(call, headers);
    }
    return method.getType().clientSendsOneMessage()
        ? new FirstMessage<>(call, headers, next)
        : verified(call, headers, next, NO_BODY);
  }

  private <Q, A> ServerCall.Listener<Q> verified(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next,
      byte[] body) {
    return switch (verifier.verify(call.getMethodDescriptor().getFullMethodName(), body, headers)) {
      case Admitted(var caller) ->
        Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
      case Admission.Refused(var why) -> refuse(call, why);
    };
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Rejection why) {
    call.close(RejectionStatus.status(why), RejectionStatus.trailers(why));
    return new ServerCall.Listener<>() {
    };
  }

  /// Waits for the one message, which is part of what was signed; only then the method starts.
  private final class FirstMessage<Q, A> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private ServerCall.@Nullable Listener<Q> started;

    FirstMessage(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      this.call = call;
      this.headers = headers;
      this.next = next;
      call.request(1);
    }

    @Override public void onMessage(Q message) {
      var listener = started;
      if (listener == null) {
        Defect.unless(message instanceof ByteString, "request: " + message.getClass() + " (expected: its bytes)");
        listener = verified(call, headers, next, ((ByteString) message).toByteArray());
        started = listener;
        listener.onReady();
      }
      listener.onMessage(message);
    }

    @Override public void onHalfClose() {
      if (started == null) {
        started = refuse(call, new Rejection.Unauthenticated("the call ended without a request"));
      }
      started.onHalfClose();
    }

    @Override public void onCancel() {
      if (started != null) {
        started.onCancel();
      }
    }

    @Override public void onComplete() {
      if (started != null) {
        started.onComplete();
      }
    }

    @Override public void onReady() {
      if (started != null) {
        started.onReady();
      }
    }
  }

  /// Messages as the bytes that travel.
  private static final class AsBytes implements MethodDescriptor.Marshaller<ByteString> {
    @Override public InputStream stream(ByteString bytes) {
      return bytes.newInput();
    }

    @Override public ByteString parse(InputStream stream) {
      try {
        return ByteString.readFrom(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
