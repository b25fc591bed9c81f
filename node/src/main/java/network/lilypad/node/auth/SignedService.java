package network.lilypad.node.auth;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
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
/// lone request's bytes as they came, because a client in another language may encode a message in another order than
/// we would. Streams of requests, which carry the large contents, are not signed as bytes and are parsed at once.
public final class SignedService {
  private static final Context.Key<Address> CALLER = Context.key("lilypad-caller");
  private static final byte[] NO_BODY = {};
  private static final MethodDescriptor.Marshaller<ByteString> AS_BYTES = new AsBytes();

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
    var signed = new SignedService(verifier, Set.copyOf(open));
    var plain = service.bindService();
    var name = plain.getServiceDescriptor();
    var methods = plain.getMethods().stream().map(signed::behind).toList();
    var descriptor = ServiceDescriptor.newBuilder(name.getName()).setSchemaDescriptor(name.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var all = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(all::addMethod);
    return all.build();
  }

  private <Q, A> ServerMethodDefinition<?, A> behind(ServerMethodDefinition<Q, A> method) {
    var descriptor = method.getMethodDescriptor();
    var handler = method.getServerCallHandler();
    if (open.contains(descriptor.getFullMethodName())) {
      return method;
    }
    var answers = descriptor.getResponseMarshaller();
    return descriptor.getType().clientSendsOneMessage()
        ? ServerMethodDefinition.create(descriptor.toBuilder(AS_BYTES, answers).build(),
            (call, headers) -> new FirstMessage<>(new MessageCall<>(call, descriptor), headers, handler))
        : ServerMethodDefinition.create(
            descriptor.toBuilder(InPlace.of(descriptor.getRequestMarshaller()), answers).build(),
            (call, headers) -> verified(call, headers, handler, NO_BODY));
  }

  /// Who calls, within a call of a method that is not open.
  public static Address caller() {
    var caller = CALLER.get();
    if (caller == null) {
      throw new Defect("caller: none (expected: only signed methods ask)");
    }
    return caller;
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
    return new Deaf<>();
  }

  /// Listens to a call that was refused.
  private static final class Deaf<Q> extends ServerCall.Listener<Q> {}

  /// Waits for the one message, which is part of what was signed; only then the method starts and the message is
  /// parsed.
  private final class FirstMessage<Q, A> extends ServerCall.Listener<ByteString> {
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

    @Override public void onMessage(ByteString bytes) {
      var listener = started;
      if (listener == null) {
        listener = verified(call, headers, next, bytes.toByteArray());
        started = listener;
        listener.onReady();
      }
      if (!(listener instanceof Deaf)) {
        listener.onMessage(call.getMethodDescriptor().parseRequest(bytes.newInput()));
      }
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

  /// Requests as the bytes that travel.
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
