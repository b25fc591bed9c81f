package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A file being written, of which the disk gets what is there while the rest still comes: so whoever forces a large
/// file in the end hardly waits. What was written last may not be on the disk when this is closed. For one thread.
final class EarlyForced extends OutputStream {
  /// How much comes before the disk is told to begin: small files never wait for it.
  private static final int STRIDE_BYTES = 32 << 20;

  private final FileChannel channel;
  private CompletableFuture<Void> forcing = CompletableFuture.completedFuture(null);
  private long since;

  /// @param channel closed with this
  EarlyForced(FileChannel channel) {
    this.channel = channel;
  }

  @Override public void write(int one) throws IOException {
    write(new byte[]{(byte) one}, 0, 1);
  }

  @Override public void write(byte[] bytes, int from, int length) throws IOException {
    FileBytes.write(channel, ByteBuffer.wrap(bytes, from, length));
    since += length;
    if (since >= STRIDE_BYTES && forcing.isDone()) {
      settle();
      since = 0;
      forcing = CompletableFuture.runAsync(this::force, Thread::startVirtualThread);
    }
  }

  private void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void settle() throws IOException {
    try {
      forcing.join();
    } catch (CompletionException e) {
      throw new IOException("the disk does not take what was written", e.getCause());
    }
  }

  @Override public void close() throws IOException {
    try (channel) {
      settle();
    }
  }
}
