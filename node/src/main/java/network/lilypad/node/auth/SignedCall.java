package network.lilypad.node.auth;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client call that starts when what it has to sign is known: at once when it streams requests, else with its
/// message. Confined to one thread until it has started, as gRPC's own calls are.
final class SignedCall<Q, A> extends ForwardingClientCall<Q, A> {
  private final ClientCall<Q, A> call;
  private final Consumer<Metadata> signStream;
  private final BiConsumer<Q, Metadata> signMessage;
  private final boolean oneMessage;
  private @Nullable Runnable start;
  private Metadata headers = new Metadata();
  private int requested;

  SignedCall(ClientCall<Q, A> call, Consumer<Metadata> signStream, BiConsumer<Q, Metadata> signMessage,
      boolean oneMessage) {
    this.call = call;
    this.signStream = signStream;
    this.signMessage = signMessage;
    this.oneMessage = oneMessage;
  }

  static <Q, A> byte[] bytes(MethodDescriptor<Q, A> method, Q message) {
    try (var bytes = method.streamRequest(message)) {
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override protected ClientCall<Q, A> delegate() {
    return call;
  }

  @Override public void start(Listener<A> listener, Metadata given) {
    if (oneMessage) {
      headers = given;
      start = () -> call.start(listener, given);
    } else {
      signStream.accept(given);
      call.start(listener, given);
    }
  }

  @Override public void request(int messages) {
    if (start == null) {
      call.request(messages);
    } else {
      requested += messages;
    }
  }

  @Override public void sendMessage(Q message) {
    var waiting = start;
    if (waiting != null) {
      start = null;
      signMessage.accept(message, headers);
      waiting.run();
      call.request(requested);
    }
    call.sendMessage(message);
  }

  @Override public void cancel(@Nullable String message, @Nullable Throwable cause) {
    var waiting = start;
    if (waiting != null) {
      start = null;
      waiting.run();
    }
    call.cancel(message, cause);
  }

  @Override public boolean isReady() { return start == null && call.isReady(); }
}
