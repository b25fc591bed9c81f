package network.lilypad.node.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.SpareArrays;
import network.lilypad.protocol.proto.v1.Block;

/// Reads the message `Block` with one copy of its bytes, into the array that is hashed and written, which may be a
/// spare one; the generated parser makes three. Blocks are received with it, never sent.
final class BlockMarshaller implements MethodDescriptor.Marshaller<BlockMarshaller.Received> {
  private static final BlockMarshaller BLOCK = new BlockMarshaller();
  /// Blocks that are on their way through a client: a few ahead, and one on each side.
  private static final SpareArrays SPARES = new SpareArrays(0, 8);
  private static final byte[] NOTHING = {};

  private BlockMarshaller() {}

  /// Takes the array of a block back.
  ///
  /// @param data nobody reads it afterwards
  static void give(byte[] data) {
    SPARES.give(data);
  }

  /// A block as it came: its bytes need not be what its name says.
  static final class Received {
    private final Cid cid;
    private final byte[] data;

    private Received(Cid cid, byte[] data) {
      this.cid = cid;
      this.data = data;
    }

    Cid cid() {
      return cid;
    }

    /// Not a copy.
    byte[] data() {
      return data;
    }
  }

  /// A method that answers with blocks, received by this.
  static <Q> MethodDescriptor<Q, Received> receiving(MethodDescriptor<Q, Block> method) {
    return method.toBuilder(method.getRequestMarshaller(), BLOCK).build();
  }

  @Override public InputStream stream(Received block) {
    throw new UnsupportedOperationException("blocks are only received");
  }

  @Override public Received parse(InputStream message) {
    try {
      return block(message);
    } catch (IOException | IllegalArgumentException e) {
      throw Status.INTERNAL.withDescription("the gateway sent what is no block: " + e.getMessage()).withCause(e)
          .asRuntimeException();
    }
  }

  private static Received block(InputStream in) throws IOException {
    byte[] cid = NOTHING;
    byte[] data = NOTHING;
    for (int first = in.read(); first >= 0; first = in.read()) {
      int tag = CodedInputStream.readRawVarint32(first, in);
      switch (WireFormat.getTagFieldNumber(tag)) {
        case Block.CID_FIELD_NUMBER -> cid = bytes(in);
        case Block.DATA_FIELD_NUMBER -> data = bytes(in);
        default -> skip(tag, in);
      }
    }
    return new Received(Cid.ofBytes(cid), data);
  }

  private static byte[] bytes(InputStream in) throws IOException {
    int length = length(in);
    byte[] bytes = SPARES.take(length);
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new EOFException("it ends early");
    }
    return bytes;
  }

  private static int length(InputStream in) throws IOException {
    int length = varint(in);
    if (length < 0 || length > GatewayAddress.MESSAGE_BYTES_MAX) {
      throw new IOException(length + " bytes (expected: 0 to " + GatewayAddress.MESSAGE_BYTES_MAX + ")");
    }
    return length;
  }

  private static int varint(InputStream in) throws IOException {
    return CodedInputStream.readRawVarint32(in.read(), in);
  }

  private static void skip(int tag, InputStream in) throws IOException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> varint(in);
      case WireFormat.WIRETYPE_FIXED64 -> in.skipNBytes(Long.BYTES);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.skipNBytes(length(in));
      case WireFormat.WIRETYPE_FIXED32 -> in.skipNBytes(Integer.BYTES);
      default -> throw new IOException("a field of tag " + tag);
    }
  }
}
