package network.lilypad.node.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.Block;

/// Reads the message `Block` with one copy of its bytes, into the array that is hashed and written; the generated parser makes
/// three. Blocks are received with it, never sent.
final class BlockMarshaller implements MethodDescriptor.Marshaller<BlockMarshaller.Received> {
  private static final BlockMarshaller BLOCK = new BlockMarshaller();
  private static final byte[] NOTHING = {};

  private BlockMarshaller() {}

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
      return block(CodedInputStream.newInstance(message));
    } catch (IOException | IllegalArgumentException e) {
      throw Status.INTERNAL.withDescription("the gateway sent what is no block: " + e.getMessage()).withCause(e)
          .asRuntimeException();
    }
  }

  private static Received block(CodedInputStream in) throws IOException {
    byte[] cid = NOTHING;
    byte[] data = NOTHING;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case Block.CID_FIELD_NUMBER -> cid = in.readByteArray();
        case Block.DATA_FIELD_NUMBER -> data = in.readByteArray();
        default -> in.skipField(tag);
      }
    }
    return new Received(Cid.ofBytes(cid), data);
  }
}
