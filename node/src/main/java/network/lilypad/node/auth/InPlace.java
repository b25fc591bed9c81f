package network.lilypad.node.auth;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
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
import network.lilypad.protocol.content.SpareArrays;

/// Copies a message once, into an array of which its fields of bytes are parts. The standard marshaller copies such
/// fields again, and for a block of a mebibyte that costs nearly as much as its hash. The arrays of large blocks are
/// used again by whoever gives them back.
public final class InPlace<M> implements Marshaller<M> {
  /// What is around a block in its message.
  private static final int AROUND_BYTES = 1 << 10;
  /// One upload's: three batches of eight, and some on the way.
  private static final SpareArrays SPARES = new SpareArrays(AROUND_BYTES, 32);

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
      var in = all(stream).newCodedInput();
      in.enableAliasing(true);
      var message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return standard.getMessageClass().cast(message);
    } catch (IOException e) {
      throw Status.INTERNAL.withDescription("no such message: " + e.getMessage()).withCause(e).asRuntimeException();
    }
  }

  /// Knows the length but of a message that was compressed.
  private static ByteString all(InputStream stream) throws IOException {
    int available = stream.available();
    byte[] there = SPARES.take(available);
    var known = UnsafeByteOperations.unsafeWrap(there, 0, stream.readNBytes(there, 0, available));
    int next = stream.read();
    return next < 0 ? known
        : known.concat(ByteString.copyFrom(new byte[]{(byte) next})).concat(ByteString.readFrom(stream));
  }

  /// Gives the array of a message back.
  ///
  /// @param part of the message; nobody reads any of it afterwards
  public static void give(ByteString part) {
    try {
      UnsafeByteOperations.unsafeWriteTo(part, new Arrays());
    } catch (IOException e) {
      throw new Defect("memory: " + e.getMessage() + " (expected: it takes everything)");
    }
  }

  /// Gets the array behind a string of bytes.
  private static final class Arrays extends ByteOutput {
    @Override public void writeLazy(byte[] array, int from, int length) {
      SPARES.give(array);
    }

    @Override public void write(byte one) {}

    @Override public void write(byte[] array, int from, int length) {}

    @Override public void write(ByteBuffer buffer) {}

    @Override public void writeLazy(ByteBuffer buffer) {}
  }
}
