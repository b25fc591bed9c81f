package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.value.InvalidValueException;

/// The blocks of one tree on their way into the store, counted and bounded. Confined to one thread at a time.
public final class Blocks {
  private final ContentStore store;
  private final long limit;
  private int stored;
  private long bytes;

  /// @param limit most bytes in all
  public Blocks(ContentStore store, long limit) {
    this.store = store;
    this.limit = limit;
  }

  /// Stores a block.
  ///
  /// @throws RuntimeException that [Refused#of] understands, if it is too large or not what its name says
  public void take(Block block) {
    Refused.unless(block.getData().size() <= BlockSink.MAX_BLOCK_BYTES,
        new Rejection.TooLarge("block in bytes", block.getData().size(), BlockSink.MAX_BLOCK_BYTES));
    bytes += block.getData().size();
    Refused.unless(bytes <= limit, new Rejection.TooLarge("tree in bytes", bytes, limit));
    if (store.putBlock(cid(block.getCid()), block.getData().toByteArray())) {
      stored++;
    }
  }

  /// How many blocks were new.
  public int stored() {
    return stored;
  }

  /// Bytes that came.
  public long bytes() {
    return bytes;
  }

  /// A block as it travels.
  public static Block block(Cid cid, byte[] bytes) {
    return Block.newBuilder().setCid(ByteString.copyFrom(cid.toBytes())).setData(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  private static Cid cid(ByteString bytes) {
    try {
      return Cid.ofBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("cid", bytes.size() + " bytes", String.valueOf(e.getMessage()));
    }
  }
}
