package network.lilypad.node.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;
import org.jspecify.annotations.Nullable;

/// Content on its way into the store, piece by piece. Holds at most [ContentStore#INLINE_BYTES] in memory, the rest in
/// a file that nobody knows. Unless it is finished, closing leaves nothing. Confined to one thread at a time.
public final class Upload implements AutoCloseable {
  private final ContentStore store;
  private final Bytes32 digest;
  private final long limit;
  private final Runnable stored;
  private final MessageDigest sha256 = Sha256.digest();
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable OutputStream spill;
  private long size;

  /// @param stored called when it is stored
  Upload(ContentStore store, Bytes32 digest, long limit, Runnable stored) {
    this.store = store;
    this.digest = digest;
    this.limit = limit;
    this.stored = stored;
  }

  /// Adds a piece.
  ///
  /// @throws ContentRefusedException `TooLarge` above the upload's limit
  public void append(byte[] piece) {
    size += piece.length;
    if (size > limit) {
      throw new ContentRefusedException(new Rejection.TooLarge("content in bytes", size, limit));
    }
    sha256.update(piece);
    try {
      out().write(piece);
    } catch (IOException e) {
      throw new StoreUnavailableException("content", e);
    }
  }

  /// Stores it, durably.
  ///
  /// @return its size in bytes
  /// @throws ContentRefusedException `BadContent` if it does not hash to its digest, `Overloaded` if the store is full
  public long finish() {
    var actual = Bytes32.of(sha256.digest());
    if (!actual.equals(digest)) {
      throw new ContentRefusedException(
          new Rejection.BadContent("content " + digest, "its sha2-256 is " + actual));
    }
    try {
      if (spill != null) {
        spill.close();
      }
      store.keep(digest, size, memory.toByteArray(), file);
      stored.run();
      return size;
    } catch (IOException e) {
      throw new StoreUnavailableException("content", e);
    }
  }

  @Override public void close() {
    try {
      if (spill != null) {
        spill.close();
      }
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("content", e);
    }
  }

  private OutputStream out() throws IOException {
    if (spill != null) {
      return spill;
    }
    if (size <= ContentStore.INLINE_BYTES) {
      return memory;
    }
    file = store.spool();
    spill = Files.newOutputStream(file);
    memory.writeTo(spill);
    memory.reset();
    return spill;
  }
}
