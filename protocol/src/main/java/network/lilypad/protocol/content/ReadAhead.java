package network.lilypad.protocol.content;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Blocks that a thread of their own reads, a few ahead of whoever takes them: so reading, sending, hashing and writing
/// of a large file go on at the same time. Order, amount and failures are the reader's.
///
/// Holds at most [#BLOCKS_AHEAD] blocks besides the one at work on each side. For one taker; closing ends the reader.
public final class ReadAhead implements AutoCloseable {
  /// Enough that neither side waits for the other's pauses; 4 MiB of a large file.
  static final int BLOCKS_AHEAD = 4;
  /// How often a reader whose taker is slow looks whether there still is one. Closing wakes it at once.
  private static final int LOOK_SECONDS = 5;

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(BLOCKS_AHEAD);
  private volatile boolean closed;
  private boolean over;

  /// Reads blocks, one after the other.
  @FunctionalInterface
  public interface Reader {
    /// Hands each block to the sink, which waits while enough of them are there, and throws when nobody wants more.
    ///
    /// @throws IOException for the taker, or of the sink
    void into(BlockSink sink) throws IOException;
  }

  /// What comes from the reader: a block, or at last the end or a failure.
  @FunctionalInterface
  private interface Item {
    /// @return whether it was a block
    boolean to(BlockSink sink) throws IOException;
  }

  private ReadAhead() {}

  /// Begins to read.
  ///
  /// @param reader called once, on another thread
  public static ReadAhead of(Reader reader) {
    var ahead = new ReadAhead();
    Thread.ofVirtual().name("read-ahead").start(() -> ahead.read(reader));
    return ahead;
  }

  /// Reads on another thread and takes on this one.
  ///
  /// @throws IOException of the reader, or of the sink, which ends the reader
  public static void between(Reader reader, BlockSink sink) throws IOException {
    try (var ahead = of(reader)) {
      while (ahead.next(sink)) {
        // until the last
      }
    }
  }

  private void read(Reader reader) {
    Item last = _ -> false;
    try {
      reader.into(this::put);
    } catch (IOException | RuntimeException | Error e) {
      last = _ -> {
        throw thrown(e);
      };
    }
    var _ = offered(last);
  }

  private static IOException thrown(Throwable why) {
    return switch (why) {
      case IOException io -> io;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> new IOException(why);
    };
  }

  private void put(Cid cid, byte[] block) throws IOException {
    boolean taken = offered(sink -> {
      sink.put(cid, block);
      return true;
    });
    if (!taken) {
      throw new IOException("nobody wants more");
    }
  }

  /// Waits without being interrupted by whoever closes: a database closes its files when a thread in it is interrupted.
  private boolean offered(Item item) {
    boolean taken = false;
    try {
      while (!taken && !closed) {
        taken = queue.offer(item, LOOK_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return taken;
  }

  /// Takes the next block. Waits until it is there.
  ///
  /// @param sink gets it on this thread
  /// @return whether there was one; after the last or a failure there is none
  /// @throws IOException what the reader threw, or the sink; what they throw unchecked comes as it is
  public boolean next(BlockSink sink) throws IOException {
    if (!over) {
      over = true;
      over = !taken().to(sink);
    }
    return !over;
  }

  private Item taken() throws IOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override public void close() {
    closed = true;
    queue.clear();
  }
}
