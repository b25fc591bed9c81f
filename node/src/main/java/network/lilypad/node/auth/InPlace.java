package network.lilypad.node.auth;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import network.lilypad.protocol.Defect;

/// Copies a message once, into an array of which its fields of bytes are parts. The standard marshaller copies such fields
/// again, and for a block of a mebibyte that costs nearly as much as its hash.
final class InPlace<M> implements Marshaller<M> {
  private final PrototypeMarshaller<M> standard;
  private final Parser<? extends MessageLite> parser;

  private InPlace(PrototypeMarshaller<M> standard, Parser<? extends MessageLite> parser) {
    this.standard = standard;
    this.parser = parser;
  }

  /// @param standard the generated marshaller of a protobuf message
  static <M> Marshaller<M> of(Marshaller<M> standard) {
    if (standard instanceof PrototypeMarshaller<M> typed
        && typed.getMessagePrototype() instanceof MessageLite message) {
      return new InPlace<>(typed, message.getParserForType());
    }
    throw new Defect("marshaller: " + standard.getClass() + " (expected: of a protobuf message)");
  }

  @Override public InputStream stream(M message) {
    return standard.stream(message);
  }

  @Override public M parse(InputStream stream) {
    try {
      var in = UnsafeByteOperations.unsafeWrap(all(stream)).newCodedInput();
      in.enableAliasing(true);
      var message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return standard.getMessageClass().cast(message);
    } catch (IOException e) {
      throw Status.INTERNAL.withDescription("no such message: " + e.getMessage()).withCause(e).asRuntimeException();
    }
  }

  /// Knows the length but of a message that was compressed.
  private static byte[] all(InputStream stream) throws IOException {
    byte[] there = new byte[stream.available()];
    int length = stream.readNBytes(there, 0, there.length);
    byte[] more = stream.readAllBytes();
    return length == there.length && more.length == 0 ? there
        : ByteBuffer.allocate(length + more.length).put(there, 0, length).put(more).array();
  }
}
