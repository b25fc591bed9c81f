package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file that the guest writes. Its bytes lie in a numbered scratch file, so the guest's names never meet the host's
/// file system before the run is over; an unlinked file lives until its last descriptor closes.
final class OutputFile implements Node.File {
  private final long inode;
  private final Path blob;
  private final OutputQuota quota;
  private Optional<FileChannel> channel = Optional.empty();
  private long size;
  private int users;
  private boolean linked = true;

  private OutputFile(long inode, Path blob, OutputQuota quota) {
    this.inode = inode;
    this.blob = blob;
    this.quota = quota;
  }

  /// Makes an empty file that counts against the quota until nobody can reach it.
  static OutputFile create(long inode, Path blob, OutputQuota quota) throws IOException {
    quota.takeFile();
    Files.createFile(blob);
    return new OutputFile(inode, blob, quota);
  }

  @Override public void retain() throws IOException {
    if (users++ == 0) {
      channel = Optional.of(FileChannel.open(blob, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }
  }

  @Override public void release() throws IOException {
    if (--users == 0) {
      channel.orElseThrow().close();
      discard();
    }
  }

  /// The last name is gone.
  void unlink() throws IOException {
    linked = false;
    discard();
  }

  private void discard() throws IOException {
    if (!linked && users == 0) {
      Files.delete(blob);
      quota.takeBytes(-size);
      quota.giveFile();
    }
  }

  @Override public int read(ByteBuffer target, long position) throws IOException {
    return channel.orElseThrow().read(target, position);
  }

  void write(ByteBuffer source, long position) throws IOException {
    long end = end(position, source.remaining());
    if (end > size) {
      quota.takeBytes(end - size);
      size = end;
    }
    for (long at = position; source.hasRemaining();) {
      at += channel.orElseThrow().write(source, at);
    }
  }

  /// Cuts the file, or fills it up with zeroes.
  void resize(long length) throws IOException {
    quota.takeBytes(length - size);
    if (length < size) {
      channel.orElseThrow().truncate(length);
    } else if (length > size) {
      channel.orElseThrow().write(ByteBuffer.allocate(1), length - 1);
    }
    size = length;
  }

  /// A position plus a length; where that overflows, it is over every bound.
  static long end(long position, long length) {
    long end = position + length;
    return end < 0 ? Long.MAX_VALUE : end;
  }

  Path blob() {
    return blob;
  }

  @Override public long size() {
    return size;
  }

  @Override public long inode() {
    return inode;
  }
}
