package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ReadAhead;
import network.lilypad.protocol.proto.v1.Block;

/// Blocks on their way to a gateway: the next are read from the disk while one is sent.
public final class BlockUpload {
  /// What may wait to be sent before a call is no longer ready for more: a few blocks. Of gRPC's own 32 KiB each block
  /// would wait until the line is empty.
  public static final int AHEAD_BYTES = 4 << 20;

  private BlockUpload() {}

  /// Sends blocks in their order, then says that there are no more.
  ///
  /// @param source has all of them
  /// @param call takes them, made with [#AHEAD_BYTES]; cancelled if they cannot be sent
  /// @param message what a block travels in
  /// @throws IllegalArgumentException if one is not there
  /// @throws UncheckedIOException if one cannot be read
  public static <Q> void send(List<Cid> cids, BlockSource source, BlockingClientCall<Q, ?> call,
      Function<Block, Q> message) {
    try (var ahead = ReadAhead.of(sink -> {
      for (var cid : cids) {
        sink.put(cid, present(source, cid));
      }
    })) {
      while (ahead.next((cid, block) -> Calls.run(() -> call.write(message.apply(block(cid, block)))))) {
        // until the last is on its way
      }
      call.halfClose();
    } catch (IOException e) {
      call.cancel("the blocks cannot be read", e);
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      call.cancel("the blocks cannot be sent", e);
      throw e;
    }
  }

  private static byte[] present(BlockSource blocks, Cid cid) throws IOException {
    return blocks.get(cid).orElseThrow(() -> new IllegalArgumentException("block " + cid + " is not there"));
  }

  private static Block block(Cid cid, byte[] block) {
    return Block.newBuilder().setCid(ByteString.copyFrom(cid.toBytes())).setData(UnsafeByteOperations.unsafeWrap(block))
        .build();
  }
}
