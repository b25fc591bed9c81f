package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import network.lilypad.node.auth.InPlace;
import network.lilypad.node.store.AccountContent;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.value.InvalidValueException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The blocks of one tree on their way into the store, counted and bounded. Confined to one thread at a time.
public final class Blocks {
  private static final Logger LOG = LoggerFactory.getLogger(Blocks.class);
  /// What waits in memory to be stored at once: a few large blocks, or many small ones.
  private static final int HELD_BYTES_MAX = 8 << 20;
  private static final int HELD_MAX = 500;
  /// Batches on their way to the disk at once: while one waits for it, the other is hashed and makes its rows.
  private static final int STORING_MAX = 2;

  private final AccountContent content;
  private final long limit;
  private List<ContentStore.Named> held = new ArrayList<>();
  private int heldBytes;
  private final Queue<CompletableFuture<Integer>> storing = new ArrayDeque<>();
  private int stored;
  private long bytes;

  /// @param content of whoever brings them
  /// @param limit most bytes in all
  public Blocks(AccountContent content, long limit) {
    this.content = content;
    this.limit = limit;
  }

  /// Takes a block, and stores those that have been taken when there are enough.
  ///
  /// @param block nobody else reads it any more
  /// @throws RuntimeException that [Refused#of] understands, if it is too large or not what its name says
  public void take(Block block) {
    Refused.unless(block.getData().size() <= BlockSink.MAX_BLOCK_BYTES,
        new Rejection.TooLarge("block in bytes", block.getData().size(), BlockSink.MAX_BLOCK_BYTES));
    bytes += block.getData().size();
    Refused.unless(bytes <= limit, new Rejection.TooLarge("tree in bytes", bytes, limit));
    held.add(new ContentStore.Named(cid(block.getCid()), block.getData()));
    heldBytes += block.getData().size();
    if (heldBytes >= HELD_BYTES_MAX || held.size() == HELD_MAX) {
      store();
    }
  }

  /// Begins to store what is held, while batches before it still are stored and the next comes in.
  private void store() {
    if (storing.size() == STORING_MAX) {
      settle();
    }
    var batch = held;
    held = new ArrayList<>();
    heldBytes = 0;
    storing.add(CompletableFuture.supplyAsync(() -> put(batch), Thread::startVirtualThread));
  }

  private int put(List<ContentStore.Named> batch) {
    int stored = content.putBlocks(batch);
    batch.forEach(named -> InPlace.give(named.block()));
    return stored;
  }

  /// Waits until the oldest batch is stored; if it is refused, until nothing is being stored any more.
  private void settle() {
    try {
      stored += storing.remove().join();
    } catch (CompletionException e) {
      storing.forEach(batch -> batch.exceptionally(_ -> 0).join());
      storing.clear();
      throw e.getCause() instanceof RuntimeException refused ? refused : e;
    }
  }

  /// Stores what has been taken: durable when this returns.
  ///
  /// @throws RuntimeException that [Refused#of] understands, if a block is not what its name says, or the store is full
  public void flush() {
    store();
    while (!storing.isEmpty()) {
      settle();
    }
  }

  /// Stores what has been taken although nobody waits for it: best effort.
  public void keep() {
    try {
      flush();
    } catch (RuntimeException e) {
      LOG.debug("blocks of a broken transfer were not stored", e);
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
