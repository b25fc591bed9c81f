package network.lilypad.node.client;

import io.grpc.MethodDescriptor;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.client.BlockMarshaller.Received;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ReadAhead;
import network.lilypad.protocol.proto.v1.Block;

/// The blocks of a tree as a gateway sends them: in the order in which they are wanted, nodes before what they link to,
/// each once. Holds the nodes, which may be wanted again, and the few blocks of a [ReadAhead]. Checks nothing but the
/// amount; whoever reads hashes. Throws [GatewayUnavailableException] when the line breaks. For one thread.
public final class BlockStream implements BlockSource, AutoCloseable {
  /// Nodes of the largest tree: 100,000 entries with the longest names.
  private static final long NODE_BYTES_MAX = 64L << 20;

  private final BlockingClientCall<?, Received> call;
  private final ReadAhead ahead;
  private final Map<Cid, byte[]> nodes = new HashMap<>();
  private long bytes;
  private long nodeBytes;

  private BlockStream(BlockingClientCall<?, Received> call, long bytesMax) {
    this.call = call;
    this.ahead = ReadAhead.of(sink -> receive(call, bytesMax, sink));
  }

  /// Makes a call that is answered with blocks.
  ///
  /// @param stub with deadline and signature
  /// @param bytesMax the most bytes to come
  public static <Q> BlockStream of(AbstractStub<?> stub, MethodDescriptor<Q, Block> method, Q request, long bytesMax) {
    return new BlockStream(Calls.run(() -> ClientCalls.blockingV2ServerStreamingCall(stub.getChannel(),
        BlockMarshaller.receiving(method), stub.getCallOptions(), request)), bytesMax);
  }

  private static void receive(BlockingClientCall<?, Received> call, long bytesMax, BlockSink sink) throws IOException {
    long bytes = 0;
    for (var next = Calls.run(call::read); next != null; next = Calls.run(call::read)) {
      bytes += next.data().length;
      if (bytes > bytesMax) {
        throw new IOException("the gateway sent " + bytes + " bytes (expected: at most " + bytesMax + ")");
      }
      sink.put(next.cid(), next.data());
    }
  }

  @Override public Optional<byte[]> get(Cid wanted) throws IOException {
    var known = nodes.get(wanted);
    if (known != null) {
      return Optional.of(known);
    }
    var found = new AtomicReference<byte[]>();
    while (found.get() == null && ahead.next((cid, block) -> {
      bytes += block.length;
      remember(cid, block);
      if (cid.equals(wanted)) {
        found.set(block);
      }
    })) {
      // until it has come
    }
    return Optional.ofNullable(found.get());
  }

  @Override public void done(byte[] leaf) {
    BlockMarshaller.give(leaf);
  }

  private void remember(Cid cid, byte[] block) throws IOException {
    if (cid.codec() == Cid.Codec.DAG_PB && nodes.put(cid, block) == null) {
      nodeBytes += block.length;
      if (nodeBytes > NODE_BYTES_MAX) {
        throw new IOException("the gateway sent " + nodeBytes + " bytes of nodes (expected: at most " + NODE_BYTES_MAX
            + ")");
      }
    }
  }

  /// Bytes that have been taken.
  public long bytes() {
    return bytes;
  }

  /// Ends the call, finished or not.
  @Override public void close() {
    ahead.close();
    call.cancel("no longer wanted", null);
  }
}
